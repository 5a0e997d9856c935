using System.Globalization;
using System.Text;

namespace Holdfast.Core.Supervision;

/// <summary>
/// What a service says by sd_notify: lines NAME=VALUE in one datagram. Unknown names and values that make no sense are passed over,
/// as the protocol demands; what a line does not set is null or false.
/// </summary>
public sealed record NotifyMessage
{
    /// <summary>Longer datagrams are cut by the receiver; the protocol needs far less.</summary>
    public const int MaxBytes = 4096;

    /// <summary>Text shown to operators is cut at this length.</summary>
    public const int MaxStatusCharacters = 512;

    /// <summary>READY=1: started, or done with reloading.</summary>
    public bool Ready { get; init; }

    /// <summary>RELOADING=1</summary>
    public bool Reloading { get; init; }

    /// <summary>STOPPING=1</summary>
    public bool Stopping { get; init; }

    /// <summary>WATCHDOG=1: it is alive.</summary>
    public bool Watchdog { get; init; }

    /// <summary>WATCHDOG=trigger: it wants to be treated as if it had missed its time.</summary>
    public bool WatchdogTriggered { get; init; }

    /// <summary>STATUS=: one line about itself, control characters made blanks.</summary>
    public string? Status { get; init; }

    /// <summary>EXTEND_TIMEOUT_USEC=: from now it needs at least so long for what it is doing.</summary>
    public TimeSpan? ExtendTimeout { get; init; }

    /// <summary>MAINPID=: refused always (the main process is the one that was started), and told.</summary>
    public int? MainPid { get; init; }

    /// <summary>ERRNO=: what it failed with.</summary>
    public int? Errno { get; init; }

    /// <summary>BARRIER=1: the sender waits until all it sent before is taken.</summary>
    public bool Barrier { get; init; }

    /// <summary>Says nothing that we know.</summary>
    public bool IsEmpty => this == Nothing;

    private static readonly NotifyMessage Nothing = new();

    public static NotifyMessage Parse(ReadOnlySpan<byte> datagram)
    {
        var message = Nothing;
        foreach (var range in datagram.Split((byte)'\n'))
        {
            var line = datagram[range];
            var equals = line.IndexOf((byte)'=');
            if (equals > 0)
                message = message.With(line[..equals], line[(equals + 1)..]);
        }

        return message;
    }

    private NotifyMessage With(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => Encoding.ASCII.GetString(name) switch
    {
        "READY" when IsOne(value) => this with { Ready = true },
        "RELOADING" when IsOne(value) => this with { Reloading = true },
        "STOPPING" when IsOne(value) => this with { Stopping = true },
        "WATCHDOG" when IsOne(value) => this with { Watchdog = true },
        "WATCHDOG" when value.SequenceEqual("trigger"u8) => this with { WatchdogTriggered = true },
        "STATUS" => this with { Status = Readable(value) },
        "EXTEND_TIMEOUT_USEC" when Number(value) is { } microseconds => this with { ExtendTimeout = Duration(microseconds) },
        "MAINPID" when Number(value) is > 0 and <= int.MaxValue and { } pid => this with { MainPid = (int)pid },
        "ERRNO" when Number(value) is <= int.MaxValue and { } errno => this with { Errno = (int)errno },
        "BARRIER" when IsOne(value) => this with { Barrier = true },
        _ => this,
    };

    private static bool IsOne(ReadOnlySpan<byte> value) => value.SequenceEqual("1"u8);

    private static ulong? Number(ReadOnlySpan<byte> value) =>
        ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // A service cannot ask for more than a day at a time: past that it is a mistake, or an overflow.
    private static TimeSpan Duration(ulong microseconds) =>
        TimeSpan.FromMicroseconds(Math.Min(microseconds, (ulong)TimeSpan.FromDays(1).TotalMicroseconds));

    private static string Readable(ReadOnlySpan<byte> value)
    {
        var text = Encoding.UTF8.GetString(value);
        var length = Math.Min(text.Length, MaxStatusCharacters);
        if (length < text.Length && char.IsHighSurrogate(text[length - 1]))
            length--;
        return string.Create(length, text, (into, from) =>
        {
            for (var i = 0; i < into.Length; i++)
                into[i] = char.IsControl(from[i]) ? ' ' : from[i];
        });
    }
}
