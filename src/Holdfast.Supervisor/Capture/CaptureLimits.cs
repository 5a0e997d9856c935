namespace Holdfast.Supervisor.Capture;

/// <summary>The bounds of capture, in one place.</summary>
internal static class CaptureLimits
{
    /// <summary>Bytes of one read, and so of most blocks.</summary>
    public const int ReadBytes = 64 << 10;

    /// <summary>A longer line is cut into pieces, each with a number of its own. A multiple of <see cref="CutMargin"/>.</summary>
    public const int LineBytes = 256 << 10;

    /// <summary>So much of an over-long line stays behind a cut, so that what must not be readable is seen whole before the cut is made.</summary>
    public const int CutMargin = 4 << 10;

    /// <summary>A line that has no end yet is stored unfinished after this pause: a prompt, a progress bar.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>What is held up by a full disk is tried again this often.</summary>
    public static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(200);

    /// <summary>Trouble is over when nothing has failed for this long: a disk that is full every second time is one trouble, not many.</summary>
    public static readonly TimeSpan Calm = TimeSpan.FromSeconds(1);

    /// <summary>Segments are synced this long after the first unsynced line.</summary>
    public static readonly TimeSpan SyncAfter = TimeSpan.FromMilliseconds(100);

    /// <summary>Or at once when so many bytes of one instance are unsynced.</summary>
    public const long SyncBytes = 1 << 20;

    /// <summary>With this many unsynced, reading waits for the disk. More than <see cref="SyncBytes"/>: so much is read while a sync is under way.</summary>
    public const long MostUnsyncedBytes = 4 << 20;

    /// <summary>Age is looked at this often (rotation and retention of instances that are silent).</summary>
    public static readonly TimeSpan Maintenance = TimeSpan.FromMinutes(1);
}
