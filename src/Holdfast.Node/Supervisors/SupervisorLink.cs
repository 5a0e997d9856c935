using System.Collections.Concurrent;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Control;
using Holdfast.Platform;

namespace Holdfast.Node.Supervisors;

/// <summary>One connection to a supervisor, from hello to its end. Answers find their questions by id; changes come in between.</summary>
internal sealed class SupervisorLink : IDisposable
{
    private readonly FrameConnection connection;
    private readonly ConcurrentDictionary<long, TaskCompletionSource<Response?>> waiting = new();
    private readonly ConcurrentDictionary<uint, TaskCompletionSource<Taken?>> given = new();
    private readonly Lock gate = new();
    private TaskCompletionSource changed = Signal();
    private long lastId;
    private int lastChannel;
    private long sequence;

    public SupervisorLink(FrameConnection connection, SupervisorIdentity identity)
    {
        this.connection = connection;
        Identity = identity;
        Reading = ReadAsync();
    }

    public SupervisorIdentity Identity { get; }

    /// <summary>Ends with the connection.</summary>
    public Task Reading { get; }

    public bool IsBroken => Reading.IsCompleted;

    /// <summary>The last event that the supervisor told of.</summary>
    public long Sequence => Interlocked.Read(ref sequence);

    /// <summary>The answer; null when the connection ended before it came.</summary>
    public async Task<Response?> AskAsync(Func<long, Request> question, CancellationToken cancel)
    {
        var id = Interlocked.Increment(ref lastId);
        var answer = new TaskCompletionSource<Response?>(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting[id] = answer;
        try
        {
            if (IsBroken || !await connection.SendAsync(FrameKind.Request, question(id), SupervisionJson.Default.Request, cancel).ConfigureAwait(false))
                return null;
            var response = await answer.Task.WaitAsync(cancel).ConfigureAwait(false);
            if (response is not null) Saw(response.Sequence);
            return response;
        }
        finally
        {
            waiting.TryRemove(id, out _);
        }
    }

    /// <summary>A number that no other channel of this connection has.</summary>
    public uint NewChannel() => (uint)Interlocked.Increment(ref lastChannel);

    /// <summary>Sends a frame into a channel, and waits for what becomes of it. One at a time.</summary>
    /// <returns>Null: the connection has ended, and nobody knows.</returns>
    public async Task<Taken?> GiveAsync(uint channel, ReadOnlyMemory<byte> bytes, bool ends)
    {
        var answer = new TaskCompletionSource<Taken?>(TaskCreationOptions.RunContinuationsAsynchronously);
        given[channel] = answer;
        try
        {
            var frame = FrameWriter.ToBytes(FrameKind.Data, bytes.Span, channel, ends ? FrameFlags.End : FrameFlags.None);
            return !IsBroken && await connection.SendAsync(frame, CancellationToken.None).ConfigureAwait(false) ? await answer.Task.ConfigureAwait(false) : null;
        }
        finally
        {
            given.TryRemove(channel, out _);
        }
    }

    /// <summary>What was sent into the channel and not written yet is taken back, and answered so.</summary>
    public async Task CloseAsync(uint channel) =>
        await connection.SendAsync(FrameWriter.ToBytes(FrameKind.Close, [], channel), CancellationToken.None).ConfigureAwait(false);

    /// <summary>Completes when the sequence is beyond the given one, or the connection has ended.</summary>
    public async Task WaitBeyondAsync(long known, CancellationToken cancel)
    {
        while (true)
        {
            Task next;
            lock (gate)
            {
                if (Sequence > known || IsBroken) return;
                next = changed.Task;
            }

            await Task.WhenAny(next, Reading).WaitAsync(cancel).ConfigureAwait(false);
        }
    }

    public void Dispose() => connection.Dispose();

    private async Task ReadAsync()
    {
        await Task.Yield();
        while (await connection.ReadAsync(CancellationToken.None).ConfigureAwait(false) is { } frame)
        {
            switch (frame.Kind)
            {
                case FrameKind.Response when FrameConnection.Parse(frame, SupervisionJson.Default.Response) is { } response:
                    if (waiting.TryGetValue(response.Id, out var answer)) answer.TrySetResult(response);
                    break;
                case FrameKind.Change when FrameConnection.Parse(frame, SupervisionJson.Default.Change) is { } change:
                    Saw(change.Sequence);
                    break;
                case FrameKind.Taken when FrameConnection.Parse(frame, SupervisionJson.Default.Taken) is { } taken:
                    if (given.TryGetValue(frame.Channel, out var sender)) sender.TrySetResult(taken);
                    break;
                case FrameKind.Close:
                    // The supervisor has no such channel.
                    if (given.TryGetValue(frame.Channel, out var closed)) closed.TrySetResult(null);
                    break;
                case FrameKind.NotUnderstood or FrameKind.Hello or FrameKind.Data:
                    break;
                case FrameKind.Response or FrameKind.Change or FrameKind.Taken:
                    // A neighbour's message that does not parse here would leave its question open for ever: begin anew.
                    connection.Dispose();
                    break;
                default:
                    await connection.SendAsync(FrameWriter.ToBytes(FrameKind.NotUnderstood, [(byte)frame.Kind]), CancellationToken.None).ConfigureAwait(false);
                    break;
            }
        }

        connection.Dispose();
        foreach (var answer in waiting.Values) answer.TrySetResult(null);
        foreach (var answer in given.Values) answer.TrySetResult(null);
    }

    private void Saw(long now)
    {
        lock (gate)
        {
            if (now <= sequence) return;
            Interlocked.Exchange(ref sequence, now);
            changed.TrySetResult();
            changed = Signal();
        }
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
