using System.Runtime.InteropServices;
using Holdfast.Platform.Linux;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform;

/// <summary>A new pipe for a child's stdin; neither end is inherited by anyone who is not given it.</summary>
/// <param name="Feed">Our end.</param>
/// <param name="ChildEnd">A plain blocking one, as programs expect their stdin to be. Close our copy when the child has its own.</param>
public sealed record InputPipe(PipeFeed Feed, SafeFileHandle ChildEnd) : IDisposable
{
    /// <summary>In bytes. Small: what is in it when the process ends is gone with it, and each stands for a person who types.</summary>
    public const int Capacity = 16 * 1024;

    /// <exception cref="IOException">No descriptors or memory are left.</exception>
    public static InputPipe Create() =>
        OperatingSystem.IsLinux() ? PosixFeed.Create()
        : OperatingSystem.IsWindows() ? Windows.Pipes.OverlappedFeed.Create()
        : throw Unsupported.Here("pipes");

    public void Dispose()
    {
        ChildEnd.Dispose();
        Feed.Dispose();
    }
}

/// <summary>Our end of a pipe that a child reads from. Nothing of it waits: when it is full, wait for its handle (<see cref="IProcessHost.WatchForWriting"/>).</summary>
public abstract class PipeFeed : IDisposable
{
    /// <summary>To wait for, and to hand over (<see cref="NextImage"/>).</summary>
    public abstract SafeHandle Handle { get; }

    /// <summary>The end that this process's earlier image had.</summary>
    public static PipeFeed TakeOver(SafeFileHandle handle) =>
        OperatingSystem.IsLinux() ? new PosixFeed(handle) : throw Unsupported.Here("becoming another image");

    /// <summary>Gives what there is room for now, which may be less than there is. Of nothing: whether all that was given has left us.</summary>
    /// <exception cref="IOException">A write that can only fail by a bug has failed.</exception>
    public abstract FeedResult Write(ReadOnlySpan<byte> bytes);

    /// <summary>The child then reads to the end of what was given, and comes to the end of its stdin; what has not left us yet is gone.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}

public enum FeedState
{
    Taken,

    /// <summary>There is no room now; there may be later.</summary>
    Full,

    /// <summary>Nobody can read it any more.</summary>
    Closed,
}

/// <summary>What one write did; Bytes is more than 0 with <see cref="FeedState.Taken"/> only.</summary>
public readonly record struct FeedResult(FeedState State, int Bytes = 0);
