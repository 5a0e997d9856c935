using System.CommandLine;
using Holdfast.Core.Services.Units;

namespace Holdfast.Cli.Commands;

/// <summary>An option whose value is a duration, written as in a spec: <c>10m</c>.</summary>
internal static class DurationOption
{
    public static Option<TimeSpan?> Create(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "DURATION",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (DurationText.TryParse(text, out var duration)) return duration;
            result.AddError($"'{text}' is not a duration; write it like 30s, 10m, 2h or 1d");
            return null;
        },
    };
}
