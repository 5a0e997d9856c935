using System.Text;

namespace Holdfast.Core.Tests.Shipping;

/// <summary>Lines that are JSON objects, nearly, or hardly: of names that mean something and others, of every kind of value, with blanks anywhere; then cut, changed and mixed.</summary>
internal sealed class RandomJson(int seed)
{
    private static readonly string[] names =
    [
        "@timestamp", "time", "timestamp", "ts", "log.level", "level", "severity", "lvl", "message", "msg", "ecs", "host", "event", "labels", "service", "labels.stream", "log.file.path", "event.id",
        "event.", "service.name", "host.name", "ecs.version", "at", "kind", "reason", "instance", "pid", "kafka", "kafka.topic", "line", "line.x", "a", "", "status", "eve", "hosts", "\\u0061", "m\\u0073g", "é",
        "a name of more than sixteen bytes", "seventeen bytes__", "sixteen bytes___", "\\\"", "\\\\",
    ];

    private static readonly string[] texts =
    [
        "2026-11-25T16:12:16.123Z", "2026-11-25T16:12:16Z", "2026-11-25T16:12:16.1234567Z", "2026-11-25T16:12:16.12345678Z", "2026-11-25T16:12:16.Z", "2026-11-25T16:12:16+02:00", "2026-11-25T16:12",
        "2026-02-30T00:00:00Z", "2024-02-29T23:59:59.9Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "2026-11-25T24:00:00Z", "2026-11-25T23:60:00Z", "2026-13-25T23:00:00Z",
        "2026-11-25t16:12:16Z", "2026-11-25T16:12:16z", "2026-11-2\\u0035T16:12:16Z", "2026-11-25T16:12:16.1x3Z", "2026-11-25", "2026-11-25T16:12:1\\ud800", "2026-11-25T16:12:16,123Z",
        "info", "", "text", "a longer text, which is more than sixteen bytes", "\\\"quoted\\\"", "\\\\", "\\/", "\\b\\f\\n\\r\\t", "\\u00e9", "\\ud83d\\ude00", "\\ud800", "\\uD8", "\\x", "\\", "é ü 漢字 😀",
        "tab\there", "node-1.payments-0.0123456789ab.7", "0123456789abcde\\\"", "0123456789abcdef\\\"", "0123456789abcd\\\"",
    ];

    private static readonly string[] scalars =
    [
        "0", "-0", "1", "-1", "12.50", "1e5", "1E+5", "1.5e-7", "01", "-", "1.", ".5", "1e", "1e+", "+1", "0x1", "1_0", "NaN", "true", "false", "null", "True", "tru", "nul", "falsee", "1764087136",
        "1764087136.123", "1764087136123", "1764087136123456", "1764087136123456789", "17640871361234567890123", "1.7640871e9", "123456789012345678901234567890", "", "//", "/* a */ 1",
    ];

    private readonly Random chance = new(seed);

    /// <summary>Nothing in it is half a character: lines are valid UTF-8.</summary>
    public string Line() => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(Any()));

    private string Any()
    {
        var line = Object(chance.Next(8) == 0 ? chance.Next(28, 36) : chance.Next(4));
        var changes = chance.Next(3) == 0 ? chance.Next(1, 4) : 0;
        for (var change = 0; change < changes; change++) line = Changed(line);
        return line + (chance.Next(12) == 0 ? Pick([" ", "\n", "{}", ",", "}", " x", "\0", "  \t"]) : "");
    }

    private string Changed(string line)
    {
        var at = chance.Next(line.Length + 1);
        var put = Pick(["{", "}", "[", "]", "\"", ",", ":", "\\", " ", "0", "a", "e", "-", ".", "\n", "\u0001", "\u007f", "\\u", "é"]);
        return chance.Next(4) switch
        {
            0 => line[..at],
            1 => line.Insert(at, put),
            2 when at < line.Length => line.Remove(at, 1),
            _ when at < line.Length => line.Remove(at, 1).Insert(at, put),
            _ => line + put,
        };
    }

    private string Object(int depth)
    {
        var members = new StringBuilder("{" + Blank());
        var count = depth > 20 ? 1 : chance.Next(7);
        for (var i = 0; i < count; i++)
        {
            if (i > 0) members.Append(',').Append(Blank());
            members.Append('"').Append(Pick(names)).Append('"').Append(Blank()).Append(':').Append(Blank()).Append(Value(depth)).Append(Blank());
        }

        return members.Append('}').ToString();
    }

    private string Value(int depth)
    {
        if (depth > 20) return chance.Next(2) == 0 ? Object(depth - 1) : $"[{Value(depth - 1)}]";
        return chance.Next(depth > 0 ? 5 : 3) switch
        {
            0 or 1 => $"\"{(chance.Next(6) == 0 ? Pick(texts) + Pick(texts) : Pick(texts))}\"",
            2 => Pick(scalars[..(chance.Next(8) == 0 ? scalars.Length : 7)]),
            3 => Object(depth - 1),
            _ => $"[{Blank()}{string.Join("," + Blank(), Enumerable.Range(0, chance.Next(4)).Select(_ => Value(depth - 1)))}{Blank()}]",
        };
    }

    private string Blank() => chance.Next(14) == 0 ? Pick([" ", "\t", "\n", "\r", "  ", " \r\n "]) : "";

    private string Pick(string[] from) => from[chance.Next(from.Length)];
}
