namespace Holdfast.Telemetry.Sources.Files;

/// <summary>The bounds of reading files, in one place.</summary>
public static class FollowLimits
{
    /// <summary>Bytes of one read, and so of most blocks.</summary>
    public const int ReadBytes = 64 << 10;

    /// <summary>A longer line is cut into pieces, each with a number of its own; in an encoding other than UTF-8 one that is longer than <see cref="ReadBytes"/>.</summary>
    public const int LineBytes = 256 << 10;

    /// <summary>So much of an over-long line stays behind a cut, so that what must not be readable is seen whole before the cut is made.</summary>
    public const int CutMargin = 4 << 10;

    /// <summary>Of one file, before the others have their turn.</summary>
    public const int TurnBytes = 1 << 20;

    /// <summary>While something is read, folders are looked at so often.</summary>
    public static readonly TimeSpan LookWhileBusy = TimeSpan.FromMilliseconds(250);

    /// <summary>And so often while nothing is.</summary>
    public static readonly TimeSpan LookWhileIdle = TimeSpan.FromSeconds(2);

    /// <summary>After so long without a new line nothing is being read.</summary>
    public static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(10);

    /// <summary>A line that has no end is stored without one when its file has been silent for this long. Programs write to files in pieces, and go on later than on a pipe.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>A deleted file is held open until it has been silent for this long: its room on the disk is not free before.</summary>
    public static readonly TimeSpan HoldDeleted = TimeSpan.FromSeconds(30);

    /// <summary>What was read is written down so often: after a kill so much of the segments is looked through.</summary>
    public static readonly TimeSpan CheckpointEvery = TimeSpan.FromSeconds(1);

    /// <summary>Age is looked at this often (rotation and retention of the segments).</summary>
    public static readonly TimeSpan MaintainEvery = TimeSpan.FromMinutes(1);
}
