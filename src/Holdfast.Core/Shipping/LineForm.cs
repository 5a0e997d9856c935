namespace Holdfast.Core.Shipping;

/// <summary>How the lines of a stream are to be understood. What a line is not is text.</summary>
public sealed class LineForm
{
    private readonly bool isJson, isLogfmt;
    private readonly PatternLine? pattern;

    private LineForm(bool isJson, bool isLogfmt, PatternLine? pattern) => (this.isJson, this.isLogfmt, this.pattern) = (isJson, isLogfmt, pattern);

    /// <summary>Objects of JSON are taken as such.</summary>
    public static LineForm Json { get; } = new(true, false, null);

    /// <summary>Text, whatever it looks like.</summary>
    public static LineForm Text { get; } = new(false, false, null);

    /// <summary>Pairs of <c>key=value</c>, and objects of JSON.</summary>
    public static LineForm Logfmt { get; } = new(true, true, null);

    /// <summary>What the expression takes apart, and objects of JSON.</summary>
    /// <param name="expression">As <see cref="PatternLine"/> has it.</param>
    /// <param name="timeFormat">As <see cref="PatternLine"/> has it.</param>
    public static LineForm Pattern(string expression, string? timeFormat) => new(true, false, new(expression, timeFormat));

    /// <summary>Writes the event of a line that is what it should be.</summary>
    /// <returns>False: it is text, and nothing was written.</returns>
    public bool TryWrite(EventBuffer to, EventTemplate template, long sequence, ReadOnlySpan<byte> line) =>
        (isJson && JsonLine.TryWrite(to, template, sequence, line))
        || (isLogfmt && LogfmtLine.TryWrite(to, template, sequence, line))
        || (pattern is not null && pattern.TryWrite(to, template, sequence, line));
}
