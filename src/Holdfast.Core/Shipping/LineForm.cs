namespace Holdfast.Core.Shipping;

/// <summary>How the lines of a stream are to be understood. What a line is not is text.</summary>
public sealed class LineForm
{
    private readonly bool isJson, isLogfmt, isAudit;
    private readonly PatternLine? pattern;

    private LineForm(bool isJson, bool isLogfmt = false, bool isAudit = false, PatternLine? pattern = null) =>
        (this.isJson, this.isLogfmt, this.isAudit, this.pattern) = (isJson, isLogfmt, isAudit, pattern);

    /// <summary>Objects of JSON are taken as such.</summary>
    public static LineForm Json { get; } = new(isJson: true);

    /// <summary>Text, whatever it looks like.</summary>
    public static LineForm Text { get; } = new(isJson: false);

    /// <summary>Pairs of <c>key=value</c>, and objects of JSON.</summary>
    public static LineForm Logfmt { get; } = new(isJson: true, isLogfmt: true);

    /// <summary>Entries of an audit log, as it writes them.</summary>
    public static LineForm Audit { get; } = new(isJson: false, isAudit: true);

    /// <summary>What the expression takes apart, and objects of JSON.</summary>
    /// <param name="expression">As <see cref="PatternLine"/> has it.</param>
    /// <param name="timeFormat">As <see cref="PatternLine"/> has it.</param>
    public static LineForm Pattern(string expression, string? timeFormat) => new(isJson: true, pattern: new(expression, timeFormat));

    /// <summary>That of a stream that no service writes.</summary>
    /// <param name="stream">Its name.</param>
    public static LineForm OfNode(string stream) => stream == EventStream.Audit ? Audit : Json;

    /// <summary>Writes the event of a line that is what it should be.</summary>
    /// <returns>False: it is text, and nothing was written.</returns>
    public bool TryWrite(EventBuffer to, EventTemplate template, long sequence, ReadOnlySpan<byte> line) =>
        (isJson && JsonLine.TryWrite(to, template, sequence, line))
        || (isLogfmt && LogfmtLine.TryWrite(to, template, sequence, line))
        || (isAudit && AuditEvent.TryWrite(to, template, sequence, line))
        || (pattern is not null && pattern.TryWrite(to, template, sequence, line));
}
