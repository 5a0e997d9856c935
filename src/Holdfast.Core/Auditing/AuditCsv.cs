using System.Globalization;

namespace Holdfast.Core.Auditing;

/// <summary>
/// Entries as a table by RFC 4180, for people and spreadsheets. It proves nothing: the export in its own form does.
/// </summary>
public static class AuditCsv
{
    public const string Head = "sequence,at,node,actor,action,target,outcome,operation,details,previousHash,hash\r\n";

    /// <summary>One line with its end.</summary>
    public static string Line(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        string[] cells =
        [
            entry.Sequence.ToString(CultureInfo.InvariantCulture),
            AuditLine.Stamp(entry.At),
            entry.Node,
            entry.Actor,
            entry.Action,
            entry.Target,
            AuditOutcomes.Word(entry.Outcome),
            entry.Operation,
            string.Join("; ", entry.Details.OrderBy(detail => detail.Key, StringComparer.Ordinal).Select(detail => $"{detail.Key}={detail.Value}")),
            entry.PreviousHash,
            entry.Hash,
        ];
        return string.Join(',', cells.Select(Cell)) + "\r\n";
    }

    private static string Cell(string text)
    {
        // A spreadsheet takes what begins like this for a formula, and names and reasons come from anybody.
        if (text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r')
            text = "'" + text;
        return text.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
    }
}
