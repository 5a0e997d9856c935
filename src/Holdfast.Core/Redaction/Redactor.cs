using System.Buffers;
using System.Text;

namespace Holdfast.Core.Redaction;

/// <summary>Makes unreadable in one stream of lines what its rules find. It remembers what the stream is in the middle of. Not for several threads.</summary>
public sealed class Redactor(RedactionRules rules, RedactionTally tally)
{
    private readonly List<Finding> findings = [];
    private PrivateKeyScan privateKey;

    /// <summary>How many lines of a private key may still come; 0: the stream is in the middle of none. Set it to go on with an earlier stream.</summary>
    public int PrivateKeyLines
    {
        get => privateKey.LinesLeft;
        set => privateKey.LinesLeft = value;
    }

    /// <summary>Looks at the stream's next lines.</summary>
    /// <param name="lines">Whole lines of valid UTF-8, newlines included. The number of lines never changes.</param>
    /// <param name="output">Gets the lines with <c>[redacted:RULE]</c> in place of each finding, if there is one; else nothing.</param>
    /// <returns>Whether anything was found; false: use the lines as they are.</returns>
    public bool TryRedact(ReadOnlySpan<byte> lines, IBufferWriter<byte> output)
    {
        if (!Find(lines, ref privateKey)) return false;
        var from = 0;
        for (var i = 0; i < findings.Count; i++)
        {
            var finding = findings[i];
            var end = finding.End;
            // What overlaps or touches becomes one mark over all of it, in the name of the first.
            while (i + 1 < findings.Count && findings[i + 1].Start <= end) end = Math.Max(end, findings[++i].End);
            output.Write(lines[from..finding.Start]);
            WriteMark(finding.Rule, output);
            if (finding.Counts) tally.Add(finding.Rule);
            from = end;
        }

        output.Write(lines[from..]);
        return true;
    }

    /// <summary>
    /// Where an over-long line may be cut so that nothing that would be found is cut in two: at <paramref name="wanted"/>, or before it.
    /// At least 1: a finding that begins with the line is cut nevertheless if it reaches past all of it.
    /// </summary>
    /// <param name="line">The line so far; more of it than <paramref name="wanted"/> lets a finding that reaches over the cut be seen.</param>
    public int SafeCut(ReadOnlySpan<byte> line, int wanted)
    {
        var trial = privateKey;
        if (!Find(line, ref trial)) return wanted;
        var cut = wanted;
        for (var i = findings.Count - 1; i >= 0; i--)
        {
            if (findings[i].Start < cut && findings[i].End > cut) cut = findings[i].Start;
        }

        return cut > 0 ? cut : wanted;
    }

    private bool Find(ReadOnlySpan<byte> lines, ref PrivateKeyScan keys)
    {
        findings.Clear();
        if (rules.PrivateKeys) keys.Find(lines, findings);
        foreach (var rule in rules.All) rule.Find(lines, findings);
        if (findings.Count == 0) return false;
        findings.Sort();
        return true;
    }

    private static void WriteMark(string rule, IBufferWriter<byte> output)
    {
        output.Write("[redacted:"u8);
        Encoding.UTF8.GetBytes(rule, output);
        output.Write("]"u8);
    }
}
