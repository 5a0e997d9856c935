using System.Text;
using Holdfast.Core.Problems;

namespace Holdfast.Core.Capture;

/// <summary>Finds the encoding that a service writes.</summary>
public static class OutputEncoding
{
    /// <summary>Null for UTF-8, which needs no decoding. Encodings whose newline is not one byte 0x0A are refused.</summary>
    public static Outcome<Encoding?> Find(string name)
    {
        if (name.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || name.Equals("utf8", StringComparison.OrdinalIgnoreCase))
            return Outcome.Of<Encoding?>(null);
        try
        {
            var found = CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
            if (found.GetBytes("a\n") is [(byte)'a', (byte)'\n'])
                return found is UTF8Encoding ? Outcome.Of<Encoding?>(null) : found;
            return Refused(name, "its newline is not the one byte 0x0A");
        }
        catch (ArgumentException)
        {
            return Refused(name, "there is no such encoding");
        }
    }

    /// <summary>As <see cref="Find"/>, for files, which may be UTF-16 as well: their lines are looked for in whole units.</summary>
    public static Outcome<Encoding?> FindOfFile(string name) => name.ToUpperInvariant() switch
    {
        "UTF-16" or "UTF-16LE" => Encoding.Unicode,
        "UTF-16BE" => Encoding.BigEndianUnicode,
        _ => Find(name),
    };

    private static Problem Refused(string name, string why) =>
        new(ProblemKind.BadInput, "output.encoding", $"output cannot be read as '{name}'") { Why = why, Mend = "use utf-8, gb18030, gbk, big5, shift_jis or windows-1252" };
}
