namespace Holdfast.Core.Services;

/// <summary>How lines are taken apart on their way to sinks. They are kept as they are.</summary>
public sealed record LineFormatSpec
{
    public LineFormat Form { get; init; } = LineFormat.Json;

    /// <summary>A regular expression whose named groups are the parts of a line; null: none.</summary>
    public string? Pattern { get; init; }

    /// <summary>The form of the time that <see cref="Pattern"/> finds, as .NET writes forms; null: ISO 8601, or a number since 1970.</summary>
    public string? Time { get; init; }
}

public enum LineFormat
{
    /// <summary>Objects of JSON are taken apart, all else is text.</summary>
    Json,

    /// <summary>Text, whatever it looks like.</summary>
    Text,

    /// <summary>Pairs of key=value as well as JSON.</summary>
    Logfmt,
}
