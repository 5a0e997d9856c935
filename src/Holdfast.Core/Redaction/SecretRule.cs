using System.Text;
using System.Text.Json;

namespace Holdfast.Core.Redaction;

/// <summary>The values of the service's own secrets, as they are and as JSON writes them. A value of several lines is looked for line by line.</summary>
internal sealed class SecretRule : IRedactionRule
{
    /// <summary>Shorter values (in UTF-8 bytes) are not looked for: they would strike everywhere and hide nothing.</summary>
    public const int Shortest = 4;

    private readonly byte[][] values;

    public SecretRule(IEnumerable<string> secrets)
    {
        values = [.. secrets
            .SelectMany(secret => secret.Split('\n', '\r'))
            .Select(line => line.Trim())
            .SelectMany(line => new[] { line, JsonEncodedText.Encode(line).ToString() })
            .Where(line => Encoding.UTF8.GetByteCount(line) >= Shortest)
            .Distinct(StringComparer.Ordinal)
            .Select(Encoding.UTF8.GetBytes)];
    }

    public bool IsEmpty => values.Length == 0;

    public void Find(ReadOnlySpan<byte> lines, List<Finding> findings)
    {
        foreach (var value in values)
        {
            for (var from = 0; lines[from..].IndexOf(value) is >= 0 and var at;)
            {
                var start = from + at;
                from = start + value.Length;
                findings.Add(new(start, from, RuleName.Secret));
            }
        }
    }
}
