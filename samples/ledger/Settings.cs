namespace Ledger;

/// <summary>What flags and environment say; a flag wins. Flags are written as in payments: -port 8080 or -port=8080.</summary>
internal sealed record Settings(string Listen, int Port, LogLevel LogLevel, TimeSpan Traffic, IReadOnlyList<Fault> Faults)
{
    /// <exception cref="FormatException">A value is not what it should be; the message says which.</exception>
    public static Settings Read(string[] args, Func<string, string?> env)
    {
        var flags = new Dictionary<string, string>(StringComparer.Ordinal);
        var told = (env("FAULT") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
        for (var i = 0; i < args.Length; i++)
        {
            var (name, value) = Split(args[i]);
            value ??= ++i < args.Length ? args[i] : throw new FormatException($"flag {name} needs a value");
            if (name == "fault")
                told.Add(value);
            else if (name is "listen" or "port" or "log-level" or "traffic")
                flags[name] = value;
            else
                throw new FormatException($"unexpected argument '{args[i]}'");
        }

        string Told(string flag, string variable, string otherwise) =>
            flags.TryGetValue(flag, out var value) ? value : env(variable) is { Length: > 0 } set ? set : otherwise;

        var port = Told("port", "PORT", env("HOLDFAST_PORT_HTTP") is { Length: > 0 } assigned ? assigned : "8080");
        var level = Told("log-level", "LOG_LEVEL", "info");
        return new(
            Told("listen", "LISTEN", "127.0.0.1"),
            ushort.TryParse(port, out var number) ? number : throw new FormatException($"port '{port}' is not a number from 0 to 65535"),
            Enum.TryParse<LogLevel>(level, true, out var parsed) && Enum.IsDefined(parsed)
                ? parsed : throw new FormatException($"log level '{level}' is none of debug, info, warn, error"),
            Duration.Parse("traffic", Told("traffic", "TRAFFIC", "0s")),
            told.ConvertAll(Fault.Parse));
    }

    private static (string Name, string? Value) Split(string arg)
    {
        if (!arg.StartsWith('-'))
            throw new FormatException($"unexpected argument '{arg}'");
        var text = arg.TrimStart('-');
        var at = text.IndexOf('=');
        return at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);
    }
}
