using System.CommandLine;
using Holdfast.Core.Services.Units;

namespace Holdfast.Cli.Commands;

/// <summary>An option whose value is a moment that has been: how long ago, or when.</summary>
internal static class SinceOption
{
    public static Option<DateTimeOffset?> Create(string name, string description, TimeProvider time) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Parse(text, time.GetLocalNow()) is { } since) return since;
            result.AddError($"'{text}' is neither how long ago nor a time; write it like 10m, 2h, 02:00, or 2026-12-01T02:00+01:00");
            return null;
        },
    };

    /// <summary>Null: it is none. A time without a date is the last time that it was that here.</summary>
    internal static DateTimeOffset? Parse(string text, DateTimeOffset now)
    {
        if (DurationText.TryParse(text, out var ago)) return ago < now - DateTimeOffset.MinValue ? now - ago : null;
        return TimeOption.Parse(text, now) is not { } at ? null : at > now && text.Length == 5 ? at.AddDays(-1) : at;
    }
}
