using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Control;
using Holdfast.Platform;
using Holdfast.Supervisor.Loop;

namespace Holdfast.Supervisor.Control;

/// <summary>
/// The channels of one connection, each to the standard input of one instance. At most one frame of a channel is under way: what is held for somebody who sends
/// faster than a service reads is 64 KiB. For the connection's reader alone.
/// </summary>
internal sealed class InputChannels(FrameConnection connection, ControlVerbs verbs)
{
    private readonly Dictionary<uint, Channel> open = [];

    /// <summary>A channel that is open stays as it is.</summary>
    public void Open(uint number, string instance) => open.TryAdd(number, new Channel(instance));

    public async ValueTask TakeAsync(Frame frame, CancellationToken cancel)
    {
        var number = frame.Channel;
        if (!open.TryGetValue(number, out var channel))
        {
            await connection.SendAsync(FrameWriter.ToBytes(FrameKind.Close, [], number), cancel).ConfigureAwait(false);
            return;
        }

        if (Interlocked.Exchange(ref channel.UnderWay, 1) == 1)
        {
            Answer(number, new Taken(0, InputProblems.TooSoon(channel.Instance)));
            return;
        }

        // The frame's bytes are the reader's: they hold until the next one is read.
        verbs.Put(channel.Instance, new InputFrame(channel, frame.Payload.ToArray(), frame.Flags.HasFlag(FrameFlags.End), taken =>
        {
            Interlocked.Exchange(ref channel.UnderWay, 0);
            Answer(number, taken);
        }));
    }

    public void Close(uint number)
    {
        if (open.Remove(number, out var channel)) verbs.Withdraw(channel.Instance, channel);
    }

    public void CloseAll()
    {
        foreach (var number in open.Keys.ToList()) Close(number);
    }

    private void Answer(uint number, Taken taken) => _ = connection.SendAsync(FrameKind.Taken, taken, SupervisionJson.Default.Taken, CancellationToken.None, number).AsTask();

    private sealed class Channel(string instance)
    {
        public int UnderWay;

        public string Instance => instance;
    }
}
