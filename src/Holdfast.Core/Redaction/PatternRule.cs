using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace Holdfast.Core.Redaction;

/// <summary>A user's own pattern, matched against each line by itself, in linear time.</summary>
internal sealed class PatternRule(string name, Regex pattern) : IRedactionRule
{
    public void Find(ReadOnlySpan<byte> lines, List<Finding> findings)
    {
        for (var start = 0; start < lines.Length;)
        {
            var length = lines[start..].IndexOf((byte)'\n');
            var end = length < 0 ? lines.Length : start + length;
            FindInLine(lines[start..end], start, findings);
            start = end + 1;
        }
    }

    private void FindInLine(ReadOnlySpan<byte> line, int offset, List<Finding> findings)
    {
        if (line.IsEmpty) return;
        var buffer = ArrayPool<char>.Shared.Rent(line.Length);
        try
        {
            // What is not UTF-8 is matched byte by byte: a finding must have its place in the bytes.
            var bytes = Utf8.IsValid(line) ? Encoding.UTF8 : Encoding.Latin1;
            var text = buffer.AsSpan(0, bytes.GetChars(line, buffer));
            foreach (var match in pattern.EnumerateMatches(text))
            {
                if (match.Length == 0) continue;
                var start = offset + bytes.GetByteCount(text[..match.Index]);
                findings.Add(new(start, start + bytes.GetByteCount(text.Slice(match.Index, match.Length)), name));
            }
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }
}
