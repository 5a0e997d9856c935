using System.Buffers.Binary;
using Microsoft.Diagnostics.Tracing;

namespace Holdfast.Telemetry.Sources.EventPipe;

/// <summary>
/// The events of a .NET process as they come: lines of JSON, and how many were dropped. The process has a buffer of its own for the session; what comes faster than it is read is dropped
/// there, counted by the runtime, and told here.
/// </summary>
public sealed class EventPipeSession : IDisposable
{
    /// <summary>In the process: enough for seconds of what a busy source writes.</summary>
    private const int BufferMegabytes = 16;

    /// <summary>
    /// The reader gives out an event when a later one has come: the last one before a pause would wait for its end. So the runtime's own counters are asked for as well, once a second, and
    /// pushed aside. At this level it writes nothing else (dotnet/runtime#112415: at a higher one it would write all it has).
    /// </summary>
    private static readonly EventPipeProvider pulse = new("System.Runtime", 0, 0) { Arguments = "EventCounterIntervalSec=1" };

    private readonly Stream stream;
    private readonly HashSet<string> wanted;
    private readonly Func<CancellationToken, Task<Stream>> connect;
    private readonly ulong id;

    private EventPipeSession(Stream stream, Func<CancellationToken, Task<Stream>> connect, ulong id, HashSet<string> wanted) =>
        (this.stream, this.connect, this.id, this.wanted) = (stream, connect, id, wanted);

    /// <summary>Begins a session. Throws IOException: the process has gone, or refuses; InvalidDataException: it is no .NET process.</summary>
    /// <param name="connect">To the diagnostics port of the process.</param>
    /// <param name="providers">Whose events are wanted, at least one.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<EventPipeSession> BeginAsync(Func<CancellationToken, Task<Stream>> connect, IReadOnlyList<EventPipeProvider> providers, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(connect);
        ArgumentNullException.ThrowIfNull(providers);
        var wanted = providers.Select(provider => provider.Name).ToHashSet(StringComparer.Ordinal);
        var stream = await connect(cancel);
        try
        {
            await stream.WriteAsync(DiagnosticsMessage.Collect(wanted.Contains(pulse.Name) ? providers : [.. providers, pulse], BufferMegabytes), cancel);
            var header = new byte[DiagnosticsMessage.HeaderSize];
            await stream.ReadExactlyAsync(header, cancel);
            var (size, isOk) = DiagnosticsMessage.ParseHeader(header);
            var payload = new byte[size];
            await stream.ReadExactlyAsync(payload, cancel);
            if (!isOk || size < sizeof(ulong)) throw new IOException($"The runtime refuses a session: 0x{(size >= sizeof(int) ? BinaryPrimitives.ReadUInt32LittleEndian(payload) : 0):x8}.");
            return new(stream, connect, BinaryPrimitives.ReadUInt64LittleEndian(payload), wanted);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads until the process ends, or the session is ended. It takes a thread for that long.</summary>
    /// <param name="take">A line, newline included, valid until it returns.</param>
    /// <param name="lost">So many events more were dropped.</param>
    /// <param name="pause">About once a second, and at the end.</param>
    public void Read(Action<ReadOnlyMemory<byte>> take, Action<long> lost, Action pause)
    {
        ArgumentNullException.ThrowIfNull(take);
        ArgumentNullException.ThrowIfNull(lost);
        ArgumentNullException.ThrowIfNull(pause);
        var told = 0L;
        try
        {
            using var source = new EventPipeEventSource(stream);
            using var line = new EventPipeLine();
            source.Dynamic.All += data =>
            {
                TellLost();
                if (data.ProviderName == pulse.Name) pause();
                // The runtime tells of itself, too.
                if (!wanted.Contains(data.ProviderName)) return;
                take(line.Of(data));
            };
            source.Process();
            TellLost();
            pause();

            void TellLost()
            {
                if (source.EventsLost <= told) return;
                lost(source.EventsLost - told);
                told = source.EventsLost;
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or EndOfStreamException or FormatException or InvalidDataException)
        {
            // The process has ended in the middle of a block, or the session was ended here.
        }
    }

    /// <summary>Ends it in the process as well: one that nobody reads costs it time and memory.</summary>
    public async Task EndAsync(CancellationToken cancel)
    {
        try
        {
            await using var asking = await connect(cancel);
            await asking.WriteAsync(DiagnosticsMessage.Stop(id), cancel);
            var header = new byte[DiagnosticsMessage.HeaderSize];
            await asking.ReadExactlyAsync(header, cancel);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or InvalidDataException or EndOfStreamException)
        {
            // It has gone, and its session with it.
        }
    }

    public void Dispose() => stream.Dispose();
}
