using System.Text;
using System.Text.RegularExpressions;

namespace Holdfast.Core.Shipping;

/// <summary>A line that a regular expression takes apart: its named groups become members of the event. In a group's name two underscores stand for a dot: <c>source__ip</c>.</summary>
public sealed class PatternLine
{
    private readonly Regex pattern;
    private readonly string? timeFormat;
    private readonly (string Group, byte[] Name)[] groups;

    /// <param name="pattern">It must take linear time: without back-references and look-around.</param>
    /// <param name="timeFormat">Of the group that is the time, in .NET's custom form; null: ISO 8601, or a number since 1970.</param>
    public PatternLine(string pattern, string? timeFormat)
    {
        this.pattern = new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);
        this.timeFormat = timeFormat;
        groups = [.. this.pattern.GetGroupNames().Where(name => !char.IsAsciiDigit(name[0])).Select(name => (name, Encoding.UTF8.GetBytes(name.Replace("__", ".", StringComparison.Ordinal))))];
    }

    /// <summary>Writes the event, newline included.</summary>
    /// <param name="to">Where it is written to.</param>
    /// <param name="template">Of its block, whose time is the event's if the line names none.</param>
    /// <param name="sequence">Of the line.</param>
    /// <param name="line">Valid UTF-8.</param>
    /// <returns>False: the expression does not match, and nothing was written.</returns>
    public bool TryWrite(EventBuffer to, EventTemplate template, long sequence, ReadOnlySpan<byte> line)
    {
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(template);
        if (pattern.Match(Encoding.UTF8.GetString(line)) is not { Success: true } found) return false;
        to.Add((byte)'{');
        var members = new LineMembers(to, template.At, timeFormat);
        foreach (var (group, name) in groups)
        {
            if (found.Groups[group] is { Success: true } part) members.Add(name, Encoding.UTF8.GetBytes(part.Value));
        }

        members.End(line);
        JsonLine.End(to, template, sequence, members.At);
        return true;
    }
}
