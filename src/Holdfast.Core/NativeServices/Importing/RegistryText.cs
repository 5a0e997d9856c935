using System.Globalization;
using System.Text;
using Holdfast.Core.Problems;

namespace Holdfast.Core.NativeServices.Importing;

/// <summary>What <c>reg export</c> and regedit write (version 5.00), decoded to text by the caller.</summary>
internal static class RegistryText
{
    /// <returns>Keys by their whole path; values by name, the default one's being empty. Names differ by more than case.</returns>
    public static Outcome<IReadOnlyDictionary<string, Dictionary<string, RegistryValue>>> Read(string text, string file)
    {
        var keys = new Dictionary<string, Dictionary<string, RegistryValue>>(StringComparer.OrdinalIgnoreCase);
        var problems = new List<Problem>();
        Dictionary<string, RegistryValue>? values = null;
        var lines = text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n');
        if (!lines[0].StartsWith("Windows Registry Editor Version 5", StringComparison.Ordinal))
            return Fault(1, "is not a registry export", "write one with `reg export HKLM\\SYSTEM\\CurrentControlSet\\Services\\NAME file.reg`");

        for (var at = 1; at < lines.Length; at++)
        {
            var (line, begin) = (lines[at].Trim(), at + 1);
            while (line.EndsWith('\\') && at + 1 < lines.Length) line = line[..^1] + lines[++at].Trim();
            if (line.Length == 0 || line[0] == ';') continue;
            if (line is ['[', .. var path, ']'])
            {
                values = new(StringComparer.OrdinalIgnoreCase);
                keys[path] = values;
            }
            else if (values is null || !TryValue(line, values))
            {
                problems.Add(Fault(begin, "is no line of a registry export", null));
            }
        }

        return problems.Count > 0 ? problems : Outcome.Of<IReadOnlyDictionary<string, Dictionary<string, RegistryValue>>>(keys);

        Problem Fault(int line, string what, string? mend) => new(ProblemKind.BadInput, "import.registry", what) { Where = new Place(file, line, 1), Mend = mend };
    }

    private static bool TryValue(string line, Dictionary<string, RegistryValue> values)
    {
        string name;
        int equals;
        if (line.StartsWith("@=", StringComparison.Ordinal))
        {
            (name, equals) = ("", 1);
        }
        else
        {
            var end = Quoted(line, out name);
            if (end < 0 || end >= line.Length || line[end] != '=') return false;
            equals = end;
        }

        if (Value(line[(equals + 1)..]) is not { } value) return false;
        values[name] = value;
        return true;
    }

    private static RegistryValue? Value(string text)
    {
        if (text.StartsWith('"')) return Quoted(text, out var plain) == text.Length ? new() { Text = plain } : null;
        if (text.StartsWith("dword:", StringComparison.Ordinal))
            return uint.TryParse(text[6..], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number) ? new() { Number = number } : null;
        if (!text.StartsWith("hex", StringComparison.Ordinal) || text.IndexOf(':', StringComparison.Ordinal) is var colon && colon < 0) return null;
        var bytes = new List<byte>();
        foreach (var pair in text[(colon + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!byte.TryParse(pair, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var one)) return null;
            bytes.Add(one);
        }

        return text[..colon] switch
        {
            "hex(1)" or "hex(2)" => new() { Text = Unicode(bytes).TrimEnd('\0') },
            "hex(7)" => new() { Texts = Unicode(bytes).Split('\0', StringSplitOptions.RemoveEmptyEntries) },
            _ => new() { Bytes = bytes },
        };
    }

    private static string Unicode(List<byte> bytes) => Encoding.Unicode.GetString([.. bytes]);

    /// <returns>Where the text in quotation marks ends; -1: nowhere.</returns>
    private static int Quoted(string line, out string text)
    {
        var plain = new StringBuilder();
        text = "";
        for (var at = 1; at < line.Length; at++)
        {
            if (line[at] == '\\' && at + 1 < line.Length)
            {
                plain.Append(line[++at]);
            }
            else if (line[at] == '"')
            {
                text = plain.ToString();
                return at + 1;
            }
            else
            {
                plain.Append(line[at]);
            }
        }

        return -1;
    }
}
