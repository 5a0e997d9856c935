using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Control;
using Holdfast.Platform;

namespace Holdfast.Supervisor.Control;

/// <summary>One connection: hello first, then requests, each answered when it is done, in whatever order that is.</summary>
internal sealed class ControlSession(FrameConnection connection, Hello hello, ControlVerbs verbs, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim news = new(0, 1);
    private readonly CancellationTokenSource closing = new();
    private readonly InputChannels channels = new(connection, verbs);
    private long told;
    private long known;
    private volatile bool watching;

    public async Task RunAsync()
    {
        if (!await GreetAsync().ConfigureAwait(false)) return;
        var telling = TellAsync();
        while (await connection.ReadAsync(closing.Token).ConfigureAwait(false) is { } frame)
        {
            switch (frame.Kind)
            {
                case FrameKind.Request:
                    await TakeAsync(frame).ConfigureAwait(false);
                    break;
                case FrameKind.Data when frame.Channel > 0:
                    await channels.TakeAsync(frame, closing.Token).ConfigureAwait(false);
                    break;
                case FrameKind.Close when frame.Channel > 0:
                    channels.Close(frame.Channel);
                    break;
                case FrameKind.NotUnderstood:
                    break;
                default:
                    await connection.SendAsync(FrameWriter.ToBytes(FrameKind.NotUnderstood, [(byte)frame.Kind], frame.Channel), closing.Token).ConfigureAwait(false);
                    break;
            }
        }

        channels.CloseAll();
        await closing.CancelAsync().ConfigureAwait(false);
        await telling.ConfigureAwait(false);
    }

    /// <summary>The journal now ends here. From any thread; several in a row become one message.</summary>
    public void Tell(long sequence)
    {
        Interlocked.Exchange(ref known, sequence);
        if (!watching) return;
        lock (news)
        {
            if (news.CurrentCount == 0) news.Release();
        }
    }

    public void Dispose()
    {
        closing.Cancel();
        connection.Dispose();
    }

    private async Task<bool> GreetAsync()
    {
        using var patience = new CancellationTokenSource(ControlProtocol.HelloWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, closing.Token);
        try
        {
            if (await connection.ReadAsync(either.Token).ConfigureAwait(false) is not { Kind: FrameKind.Hello } frame) return false;
            if (FrameConnection.Parse(frame, SupervisionJson.Default.Hello) is not { } theirs) return false;
            if (ControlProtocol.Agree(theirs.Oldest, theirs.Newest) is not null)
                return await connection.SendAsync(FrameKind.Hello, hello, SupervisionJson.Default.Hello, either.Token).ConfigureAwait(false);
            var problem = new Problem(ProblemKind.Conflict, "supervisor.protocol", $"the supervisor {hello.Version} speaks protocol {ControlProtocol.Oldest} to {ControlProtocol.Newest}, {theirs.Version} speaks {theirs.Oldest} to {theirs.Newest}");
            await connection.SendAsync(FrameKind.Hello, hello with { Problem = problem }, SupervisionJson.Default.Hello, either.Token).ConfigureAwait(false);
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task TakeAsync(Frame frame)
    {
        if (FrameConnection.Parse(frame, SupervisionJson.Default.Request) is not { } request)
        {
            // Without an id nobody can be answered: the connection has lost its sense.
            connection.Dispose();
            return;
        }

        if (request.Verb == Verb.Watch) watching = true;
        if (request is { Verb: Verb.Attach, Instance: { } instance, Channel: > 0 and var channel }) channels.Open(channel, instance);
        await verbs.DoAsync(request, response =>
            _ = connection.SendAsync(FrameKind.Response, response, SupervisionJson.Default.Response, CancellationToken.None).AsTask()).ConfigureAwait(false);
    }

    private async Task TellAsync()
    {
        try
        {
            while (true)
            {
                await news.WaitAsync(closing.Token).ConfigureAwait(false);
                var sequence = Interlocked.Read(ref known);
                if (sequence <= told) continue;
                told = sequence;
                if (!await connection.SendAsync(FrameKind.Change, new Change(sequence), SupervisionJson.Default.Change, closing.Token).ConfigureAwait(false)) return;
            }
        }
        catch (OperationCanceledException)
        {
            // The session is over.
        }
    }
}
