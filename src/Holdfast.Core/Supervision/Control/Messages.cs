using Holdfast.Core.Problems;
using Holdfast.Core.Supervision.Leases;

namespace Holdfast.Core.Supervision.Control;

/// <summary>The first frame of each side.</summary>
/// <param name="Oldest">The oldest protocol version that it speaks.</param>
/// <param name="Identity">The supervisor's; null from a client.</param>
/// <param name="Problem">Why the supervisor does not go on: no common version. It closes after it.</param>
public sealed record Hello(int Oldest, int Newest, string Version, SupervisorIdentity? Identity = null, Problem? Problem = null);

/// <summary>What a client asks; every verb is idempotent.</summary>
public sealed record Request
{
    /// <summary>Chosen by the client; the response carries it.</summary>
    public required long Id { get; init; }

    /// <summary>One of <see cref="Verb"/>.</summary>
    public required string Verb { get; init; }

    public string? Instance { get; init; }

    public DesiredInstance? Desired { get; init; }

    /// <summary>Without SIG.</summary>
    public string? Signal { get; init; }

    /// <summary>Of <see cref="Verb.Upgrade"/>: the supervisor to become, absolute path.</summary>
    public string? Executable { get; init; }

    /// <summary>Of <see cref="Verb.Extend"/>, <see cref="Verb.HoldBack"/> and <see cref="Verb.Fence"/>.</summary>
    public long? Lease { get; init; }

    /// <summary>Of <see cref="Verb.Extend"/>: on the clock since boot that counts suspend, as <see cref="HardAt"/>.</summary>
    public TimeSpan? SoftAt { get; init; }

    public TimeSpan? HardAt { get; init; }

    /// <summary>Of <see cref="Verb.Extend"/>: by which watchdog the machine is reset where the deadline is not kept; null: by none. Only the shared supervisor takes it.</summary>
    public WatchdogOrder? Watchdog { get; init; }

    /// <summary>Of <see cref="Verb.HoldBack"/> and <see cref="Verb.Fence"/>: for the events and the statuses.</summary>
    public string? Why { get; init; }

    /// <summary>Of <see cref="Verb.Attach"/>: the number that the channel is to have, chosen by the client, not 0.</summary>
    public uint? Channel { get; init; }
}

/// <summary>The verbs of <see cref="Request"/>. Append only.</summary>
public static class Verb
{
    public const string Apply = "apply";
    public const string Remove = "remove";
    public const string Signal = "signal";
    public const string Reload = "reload";
    public const string List = "list";

    /// <summary>From now on a <see cref="Change"/> comes whenever something has happened; the response carries the present sequence.</summary>
    public const string Watch = "watch";

    /// <summary>Stop all instances, then end.</summary>
    public const string Shutdown = "shutdown";

    /// <summary>
    /// Become another version under the running instances. Answered where nothing is to be done or it was refused; where it is done the
    /// connection ends, and the next one is with the new version.
    /// </summary>
    public const string Upgrade = "upgrade";

    /// <summary>Answered when the instance is paused, or is not.</summary>
    public const string Pause = "pause";

    public const string Continue = "continue";

    /// <summary>
    /// Opens a channel to the instance's standard input, whichever process it has: what is in <see cref="FrameKind.Data"/> frames is written to it, and each
    /// frame is answered with <see cref="FrameKind.Taken"/> before the next may be sent. <see cref="FrameKind.Close"/> takes back what was not written yet.
    /// </summary>
    public const string Attach = "attach";

    /// <summary>What acts under a lease may act until <see cref="Request.HardAt"/>, and be started until <see cref="Request.SoftAt"/>. Never answered before it holds.</summary>
    public const string Extend = "extend";

    /// <summary>Nothing new is started under a lease until it is extended.</summary>
    public const string HoldBack = "hold-back";

    /// <summary>What acts under a lease is killed at once, and nothing is started under it any more.</summary>
    public const string Fence = "fence";

    /// <summary>The leases that it knows, and how long killing took.</summary>
    public const string Leases = "leases";
}

public sealed record Response
{
    public required long Id { get; init; }

    /// <summary>Null or empty: it was done.</summary>
    public IReadOnlyList<Problem>? Problems { get; init; }

    public IReadOnlyList<InstanceStatus>? Instances { get; init; }

    /// <summary>Of <see cref="Verb.Leases"/>.</summary>
    public IReadOnlyList<KnownLease>? Leases { get; init; }

    /// <summary>Of <see cref="Verb.Leases"/>: the longest time from a kill until its container was proven empty.</summary>
    public TimeSpan? LongestKill { get; init; }

    /// <summary>Of <see cref="Verb.Leases"/>: how it stands with the watchdog; null: none is wanted, or the supervisor knows of none.</summary>
    public WatchdogReport? Watchdog { get; init; }

    /// <summary>The last event in the journal.</summary>
    public long Sequence { get; init; }

    /// <summary>What the supervisor cannot do at the moment: write to disk.</summary>
    public IReadOnlyList<string>? Troubles { get; init; }
}

/// <summary>What has become of a frame of input.</summary>
/// <param name="Bytes">So many of its bytes are in the process's pipe.</param>
/// <param name="Problem">Why the others are not; null: all are.</param>
public sealed record Taken(int Bytes, Problem? Problem = null);

/// <summary>Something has happened: the journal now ends at this sequence.</summary>
public sealed record Change(long Sequence);
