namespace Ledger;

/// <summary>Something to do wrong, told the same way in FAULT, by -fault and under /fault/: crash?code=3&amp;after=2s.</summary>
internal sealed record Fault(string Name, IReadOnlyDictionary<string, string> Args)
{
    public static Fault Parse(string text)
    {
        var at = text.IndexOf('?');
        var args = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in at < 0 ? [] : text[(at + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            args[Uri.UnescapeDataString(parts[0])] = parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : "";
        }

        var name = at < 0 ? text : text[..at];
        return Faults.All.ContainsKey(name)
            ? new(name, args)
            : throw new FormatException($"fault '{name}' is none of {string.Join(", ", Faults.All.Keys)}");
    }

    public string Text(string name, string otherwise) => Args.GetValueOrDefault(name) is { Length: > 0 } text ? text : otherwise;

    public bool Is(string name) => Text(name, "") == "true";

    public int Number(string name, int otherwise) =>
        int.TryParse(Text(name, $"{otherwise}"), out var number) && number >= 0
            ? number : throw new FormatException($"{Name}: {name}='{Text(name, "")}' is not a number from 0");

    public TimeSpan Duration(string name, string otherwise) => Ledger.Duration.Parse($"{Name}: {name}", Text(name, otherwise));

    public string Choice(string name, params string[] options)
    {
        var text = Text(name, options[0]);
        return options.Contains(text) ? text : throw new FormatException($"{Name}: {name}='{text}' is none of {string.Join(", ", options)}");
    }
}
