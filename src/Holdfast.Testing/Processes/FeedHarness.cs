using Holdfast.Platform;

namespace Holdfast.Testing.Processes;

/// <summary>Ways a test needs to give a child its input, waiting for room as the supervisor does.</summary>
public static class FeedHarness
{
    private const long RoomToken = 7;

    /// <summary>Starts a program whose stdin is a pipe.</summary>
    public static (ChildProcess Process, PipeFeed Feed) StartFed(this HostHarness host, Launch launch)
    {
        ArgumentNullException.ThrowIfNull(host);
        var pipe = InputPipe.Create();
        using (pipe.ChildEnd) return (host.Host.Start(host.Open(), launch with { Stdin = pipe.ChildEnd }).Value, pipe.Feed);
    }

    /// <summary>Gives all of it, until it has left us.</summary>
    public static void Give(this HostHarness host, PipeFeed feed, ReadOnlySpan<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(feed);
        while (true)
        {
            var given = feed.Write(bytes);
            if (given.State == FeedState.Closed) throw new InvalidOperationException("Nobody reads it.");
            if (given.State == FeedState.Full) host.WaitForRoom(feed);
            else if (bytes.IsEmpty) return;
            bytes = bytes[given.Bytes..];
        }
    }

    /// <summary>Gives what there is room for: how many bytes that were.</summary>
    public static int Fill(this PipeFeed feed)
    {
        ArgumentNullException.ThrowIfNull(feed);
        var filled = 0;
        while (feed.Write(new byte[4096]) is { State: FeedState.Taken } given) filled += given.Bytes;
        return filled;
    }

    public static void WaitForRoom(this HostHarness host, PipeFeed feed)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(feed);
        host.Events.RemoveAll(happened => happened is HostEvent.Readable { Token: RoomToken });
        host.Host.WatchForWriting(feed.Handle, RoomToken);
        host.WaitFor<HostEvent.Readable>(room => room.Token == RoomToken);
        host.Host.Unwatch(feed.Handle);
    }
}
