using Holdfast.Core.Supervision.Leases;

namespace Holdfast.Core.Supervision.Handovers;

/// <summary>
/// Everything that one supervisor's image leaves to the next one in the same process (docs/adr/0007-self-upgrade.md): what is
/// only in memory, and the numbers of the descriptors that stay open. It is passed in memory and never on a disk, for it
/// holds unfinished lines that are not redacted yet.
/// </summary>
public sealed record SupervisorHandover
{
    /// <summary>Raised when an older image could not go on without what is new in it. What can be left out needs no new number.</summary>
    public const int Newest = 3;

    /// <summary>From which on deadlines of leases are kept: an image that does not know them must not take over what acts under one.</summary>
    public const int WithLeases = 2;

    /// <summary>From which on a watchdog is kept: under an image that does not pet it, the machine would be reset.</summary>
    public const int WithWatchdog = 3;

    /// <summary>The oldest that this build takes over: that of the release before.</summary>
    public const int Oldest = 1;

    /// <summary>Between <see cref="Oldest"/> and <see cref="Newest"/> of the image that wrote it.</summary>
    public required int Format { get; init; }

    /// <summary>Of the image that wrote it.</summary>
    public required string Version { get; init; }

    /// <summary>All clock times in it are of this boot.</summary>
    public required string BootId { get; init; }

    /// <summary>The process stays who it is: <see cref="Control.SupervisorIdentity.Nonce"/>.</summary>
    public required string Nonce { get; init; }

    /// <summary>What held processes together: <c>cgroup</c>, <c>session</c>. The next image must hold them the same way.</summary>
    public required string Containment { get; init; }

    /// <summary>The descriptor of the supervisor's lock.</summary>
    public required int Lock { get; init; }

    /// <summary>The descriptor of the control socket.</summary>
    public required int Listener { get; init; }

    /// <summary>The last ticket that was given to an operator who waits for an answer.</summary>
    public long LastTicket { get; init; }

    public required IReadOnlyList<InstanceHandover> Instances { get; init; }

    /// <summary>Until when what acts under a lease may act; an image from before there were leases has none.</summary>
    public IReadOnlyList<KnownLease> Leases { get; init => field = value ?? []; } = [];

    /// <summary>The watchdog that is armed; null: none is, as in an image from before there were any.</summary>
    public WatchdogHandover? Watchdog { get; init; }

    /// <summary>Why this build cannot take it over; null: it can.</summary>
    public string? WhyNot(string bootId)
    {
        if (Format is < Oldest or > Newest) return $"it is handed over in format {Format}; this build takes {Oldest} to {Newest}";
        if (BootId != bootId) return "it is of another boot";
        var names = new HashSet<string>(StringComparer.Ordinal);
        var open = new HashSet<int> { Lock, Listener };
        if (Watchdog is { } watchdog && (watchdog.Descriptor <= 2 || !open.Add(watchdog.Descriptor))) return $"descriptor {watchdog.Descriptor} of the watchdog is none, or is somebody else's";
        foreach (var instance in Instances)
        {
            if (!names.Add(instance.Name)) return $"it names {instance.Name} twice";
            foreach (var descriptor in instance.Descriptors)
            {
                if (descriptor <= 2 || !open.Add(descriptor)) return $"descriptor {descriptor} of {instance.Name} is none, or is somebody else's";
            }
        }

        return null;
    }
}
