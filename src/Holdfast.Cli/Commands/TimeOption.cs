using System.CommandLine;
using System.Globalization;

namespace Holdfast.Cli.Commands;

/// <summary>An option whose value is a moment to come.</summary>
internal static class TimeOption
{
    public static Option<DateTimeOffset?> Create(string name, string description, TimeProvider time) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Parse(text, time.GetLocalNow()) is { } at) return at;
            result.AddError($"'{text}' is not a time; write it like 02:00, or 2026-12-01T02:00+01:00");
            return null;
        },
    };

    /// <summary>Null: it is none. Without a zone it is meant as the clock on the wall here shows it.</summary>
    internal static DateTimeOffset? Parse(string text, DateTimeOffset now)
    {
        if (TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var clock))
        {
            var today = new DateTimeOffset(now.Date + clock.ToTimeSpan(), now.Offset);
            return today > now ? today : today.AddDays(1);
        }

        string[] forms = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK"];
        return DateTimeOffset.TryParseExact(text, forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var at) ? at : null;
    }
}
