using System.Text;
using Holdfast.Core.Problems;

namespace Holdfast.Core.Auditing;

/// <summary>What a business record may hold. One line of text each: what is read by people and by other systems holds no line ends and no control characters.</summary>
public static class BusinessRecordRules
{
    /// <summary>Characters.</summary>
    public const int LongestAction = 64;

    /// <summary>Characters.</summary>
    public const int LongestTarget = 256;

    /// <summary>Characters.</summary>
    public const int LongestOperation = 64;

    /// <summary>Characters.</summary>
    public const int LongestKey = 64;

    /// <summary>Bytes of UTF-8: a detail's value, and why.</summary>
    public const int LongestValue = 1024;

    /// <summary>Bytes of UTF-8: keys and values of all details together.</summary>
    public const int MostBytes = 8 * 1024;

    /// <summary>Details. An entry has room for <see cref="AuditDetails.Most"/>; the rest are the house's own.</summary>
    public const int MostDetails = 20;

    private const int Shown = 60;

    /// <summary>What the house says of every record, so that nobody says it of himself.</summary>
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        AuditDetails.Clock, AuditDetails.More, BusinessRecord.ReasonDetail, RecordAuthor.ServiceDetail, RecordAuthor.InstanceDetail, RecordAuthor.ReleaseDetail, RecordAuthor.PackageDetail, RecordAuthor.EpochDetail,
    };

    internal static IEnumerable<Problem> Action(string action)
    {
        if (action.Length is 0 or > LongestAction || !action.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-') || !char.IsAsciiLetterOrDigit(action[0]) || !char.IsAsciiLetterOrDigit(action[^1]))
            yield return Bad("record.action", $"{Show(action)} is no action.", $"1 to {LongestAction} lower-case letters, digits, dots and hyphens, beginning and ending with a letter or digit: booking.cancelled");
    }

    internal static IEnumerable<Problem> Target(string target)
    {
        if (target.Length is 0 or > LongestTarget || !IsLine(target))
            yield return Bad("record.target", $"{Show(target)} is no target.", $"name what it was done to in 1 to {LongestTarget} characters, without control characters");
    }

    internal static Problem NoOutcome(string outcome) => Bad("record.outcome", $"{Show(outcome)} is no outcome.", "say done, intended, refused or failed");

    internal static IEnumerable<Problem> Operation(string operation)
    {
        if (operation.Length > LongestOperation || !operation.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '-'))
            yield return Bad("record.operation", $"{Show(operation)} is no operation.", $"up to {LongestOperation} letters, digits and . _ : -");
    }

    internal static IEnumerable<Problem> Why(string why)
    {
        if (Bytes(why) > LongestValue || !IsLine(why))
            yield return Bad("record.why", $"{Show(why)} is no reason.", $"say why in up to {LongestValue} bytes, without control characters");
    }

    internal static IEnumerable<Problem> Details(IReadOnlyDictionary<string, string> details)
    {
        foreach (var (key, value) in details.OrderBy(detail => detail.Key, StringComparer.Ordinal))
        {
            if (key.Length is 0 or > LongestKey || !key.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-'))
                yield return Bad("record.detail", $"{Show(key)} is no detail's name.", $"1 to {LongestKey} lower-case letters, digits and . _ -");
            else if (CallDetails.IsOne(key) || Reserved.Contains(key))
                yield return Bad("record.detail", $"The detail {key} is the node's to write.", key == BusinessRecord.ReasonDetail ? "say it as why" : "choose another name");
            if (Bytes(value) > LongestValue || !IsLine(value))
                yield return Bad("record.detail", $"The detail {Show(key)} has no value that can be recorded.", $"up to {LongestValue} bytes, without control characters; of more record a digest, or where it is kept");
        }

        if (details.Count > MostDetails)
            yield return Bad("record.size", $"There are {details.Count} details.", $"give {MostDetails} at most");
        if (details.Sum(detail => Bytes(detail.Key) + Bytes(detail.Value)) is var bytes and > MostBytes)
            yield return Bad("record.size", $"The details have {bytes} bytes.", $"give {MostBytes} at most in all; of more record a digest, or where it is kept");
    }

    private static int Bytes(string text) => Encoding.UTF8.GetByteCount(text);

    private static bool IsLine(string text) => !text.Any(IsBreak);

    /// <summary>Control characters, and Unicode's own ends of lines and paragraphs.</summary>
    private static bool IsBreak(char c) => char.IsControl(c) || c is '\u2028' or '\u2029';

    private static string Show(string text)
    {
        var line = new string([.. text.Select(c => IsBreak(c) ? '?' : c)]);
        return line.Length <= Shown ? $"'{line}'" : $"'{line[..Shown]}…'";
    }

    private static Problem Bad(string rule, string what, string mend) => new(ProblemKind.BadInput, rule, what) { Mend = mend };
}
