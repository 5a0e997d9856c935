using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Holdfast.Platform.Windows.Native;

namespace Holdfast.Platform.Windows.Waiting;

/// <summary>
/// Readiness on Windows: one completion port in which one thread sleeps, whatever it waits for.
/// <para>
/// A pipe has a read of zero bytes outstanding (<see cref="WatchedPipe"/>), everything else is waited for by Windows' own threads
/// (<see cref="WatchedObject"/>): both only say "look". What was seen is told at every wait until it is no longer there, as epoll does; idle
/// handles cost nothing, and each wait looks at those alone that had something the last time.
/// </para>
/// <para>One thread waits; the other members may be called from any.</para>
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class HandleWaits : IDisposable
{
    private const nuint WakeKey = 1;
    private const nuint PipeKey = 2;
    private const nuint ObjectKey = 3;

    /// <summary>Keys from here on are the caller's: their packets are handed to <see cref="Other"/>.</summary>
    public const nuint FirstOther = 16;

    private const int MostAtOnce = 128;

    private readonly Lock guard = new();
    private readonly CompletionPort port = new();
    private readonly Dictionary<SafeHandle, Watched> watched = [];
    private readonly Dictionary<nint, Watched> byName = [];
    private readonly Queue<Watched> loose = new();

    /// <summary>A handle leaves the port that it has joined by being closed, and not before.</summary>
    private readonly ConditionalWeakTable<SafeHandle, CompletionPort> joined = [];

    private readonly Kernel32.Packet[] packets = new Kernel32.Packet[MostAtOnce];

    public CompletionPort Port => port;

    /// <summary>Called in a wait, on its thread, for each packet of the caller's own keys.</summary>
    public Action<Kernel32.Packet>? Other { get; set; }

    /// <exception cref="IOException">It cannot be waited for, or is a pipe that belongs to another queue: each belongs to the first.</exception>
    public void Add(SafeHandle handle, long token)
    {
        var isPipe = Kernel32.GetFileType(handle) == Kernel32.FILE_TYPE_PIPE;
        lock (guard)
        {
            if (watched.ContainsKey(handle)) throw new IOException("A handle is watched once.");
            Watched added;
            nint name;
            if (isPipe)
            {
                JoinPort(handle);
                var pipe = new WatchedPipe(handle, token);
                (added, name) = (pipe, pipe.Name);
            }
            else
            {
                var other = new WatchedObject(handle, port, ObjectKey, token);
                (added, name) = (other, other.Name);
            }

            watched[handle] = added;
            byName[name] = added;
            if (added.Arm()) return;
            loose.Enqueue(added);
        }

        Wake();
    }

    public void Remove(SafeHandle handle)
    {
        lock (guard)
        {
            if (!watched.Remove(handle, out var removed)) return;
            removed.IsRemoved = true;
            removed.Cancel();
            // A read that is outstanding writes to its memory until its packet has come.
            if (removed is WatchedPipe { IsArmed: true }) return;
            Forget(removed);
        }
    }

    public int Wait(Span<ReadyEvent> events, TimeSpan timeout)
    {
        var filled = LookAtLoose(events);
        // What is told keeps being told, and must not keep what is new from being seen.
        var count = port.Wait(packets, filled > 0 ? TimeSpan.Zero : timeout);
        foreach (var packet in packets.AsSpan(0, count))
        {
            if (packet.Key >= FirstOther) Other?.Invoke(packet);
            else if (packet.Key != WakeKey) filled = Take(packet.Overlapped, events, filled);
        }

        return filled;
    }

    public void Wake() => port.Post(WakeKey);

    public void Dispose()
    {
        lock (guard)
        {
            foreach (var one in watched.Values) one.Cancel();
            // Reads that were cancelled still write to their memory; it is given back when their packets have come.
            while (byName.Values.Any(one => one is WatchedPipe { IsArmed: true }) && port.Wait(packets, TimeSpan.FromMilliseconds(100)) is > 0 and var count)
            {
                foreach (var packet in packets.AsSpan(0, count))
                {
                    if (byName.TryGetValue(packet.Overlapped, out var done)) done.Disarm();
                }
            }

            foreach (var one in byName.Values)
            {
                if (one is not WatchedPipe { IsArmed: true }) one.Dispose();
            }

            byName.Clear();
            watched.Clear();
        }

        port.Dispose();
    }

    private void JoinPort(SafeHandle handle)
    {
        if (joined.TryGetValue(handle, out _)) return;
        if (port.Join(handle, PipeKey) is var error && error != 0) throw Win32Error.Failure("wait for a pipe, which another queue waits for", error);
        joined.Add(handle, port);
    }

    private int LookAtLoose(Span<ReadyEvent> events)
    {
        var filled = 0;
        lock (guard)
        {
            for (var left = loose.Count; left > 0 && filled < events.Length; left--)
            {
                var one = loose.Dequeue();
                if (one.IsRemoved) continue;
                var sight = one.Look();
                if (!sight.IsAny && one.Arm()) continue;
                if (!sight.IsAny) sight = one.Look();
                loose.Enqueue(one);
                if (sight.IsAny) events[filled++] = new(one.Token, sight.Readable, sight.HangUp);
            }
        }

        return filled;
    }

    private int Take(nint name, Span<ReadyEvent> events, int filled)
    {
        lock (guard)
        {
            // The packet of one that is forgotten already.
            if (!byName.TryGetValue(name, out var one) || !one.IsArmed) return filled;
            one.Disarm();
            if (one.IsRemoved)
            {
                Forget(one);
                return filled;
            }

            loose.Enqueue(one);
            if (filled == events.Length || one.Look() is not { IsAny: true } sight) return filled;
            events[filled] = new(one.Token, sight.Readable, sight.HangUp);
            return filled + 1;
        }
    }

    private void Forget(Watched one)
    {
        byName.Remove(one is WatchedPipe pipe ? pipe.Name : ((WatchedObject)one).Name);
        one.Dispose();
    }
}
