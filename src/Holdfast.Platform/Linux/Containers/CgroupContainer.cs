using System.Runtime.Versioning;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Handovers;
using Holdfast.Platform.Linux.Native;

namespace Holdfast.Platform.Linux.Containers;

/// <summary>A cgroup of the unified tree: no process leaves it without rights on the tree, and it can be killed and proven empty as a whole.</summary>
[SupportedOSPlatform("linux")]
internal sealed class CgroupContainer : LinuxContainer
{
    private readonly CgroupContainment home;
    private int watch;
    private int kills;
    private int killsBefore;
    private bool frozen;
    private bool provenEmpty;
    private bool limited;
    private IReadOnlyList<string> joins = [];
    private ContainmentStatus status = new();

    public CgroupContainer(CgroupContainment home, string name, string folder, LimitsSpec limits)
        : base(name, folder)
    {
        this.home = home;
        watch = home.Watch.Add(folder + "/cgroup.events", this);
        Limit(limits);
    }

    public override ContainmentStatus Status => status;

    /// <summary>What was seen empty stays so until something is born into it, or the kernel says that it changed.</summary>
    public override bool IsEmpty => provenEmpty = provenEmpty || !CgroupFiles.IsPopulated(Id);

    public override string Cgroup => Id;

    public override IReadOnlyList<string> Joins => joins;

    public override ContainerHandover HandOver() => new(Name, WasUsed, IsSpent, []);

    public override void TakeOver(ContainerHandover earlier)
    {
        base.TakeOver(earlier);
        killsBefore = earlier.Killed ? -1 : 0;
        frozen = CgroupFiles.IsFrozen(Id);
    }

    public override IReadOnlyList<int> Members() => CgroupFiles.Members(Id);

    public override void TakeChange() => provenEmpty = false;

    public override void Kill()
    {
        if (IsEmpty)
            return;
        CgroupKiller.Kill(Id);
        Interlocked.Increment(ref kills);
    }

    public override void KillFromAnywhere()
    {
        // Counted on both sides: a folder that is made new in between is counted as killed, too.
        Interlocked.Increment(ref kills);
        CgroupKiller.Kill(Id);
        Interlocked.Increment(ref kills);
    }

    /// <summary>It was killed as a whole since its folder was made.</summary>
    private bool IsSpent => Volatile.Read(ref kills) != killsBefore;

    public override Outcome<bool> Suspend()
    {
        if (CgroupFiles.Write(Id + "/cgroup.freeze", "1") is var errno and not 0)
            return new Problem(ProblemKind.Failed, "container.not-suspended", $"Cannot suspend what is in {Id}: {Errno.Describe(errno)}.") { Why = errno == Errno.ENOENT ? "the kernel has no freezer for cgroups before Linux 5.2" : null };
        frozen = true;
        return CgroupFiles.IsFrozen(Id);
    }

    public override Outcome<Done> LetRun()
    {
        if (!frozen)
            return Outcome.Done;
        if (CgroupFiles.Write(Id + "/cgroup.freeze", "0") is var errno and not 0 and not Errno.ENOENT)
            return new Problem(ProblemKind.Failed, "container.not-running", $"What is in {Id} is suspended, and cannot be let run: {Errno.Describe(errno)}.");
        frozen = false;
        return Outcome.Done;
    }

    /// <summary>
    /// Linux 6.14 and later (seen on 6.18) kill at once whatever is born by clone3 into a cgroup that was ever killed as a whole:
    /// they compare its count of kills with that of the parent's cgroup. A new folder of the same name has a count of none.
    /// </summary>
    public override Problem? PrepareBirth()
    {
        provenEmpty = false;
        // Whose processes were killed one by one while they stood still: what is born in it would stand still too.
        if (frozen && LetRun() is { IsOk: false } stuck)
            return stuck.Problems[0];
        if (!IsSpent)
            return null;
        var known = Volatile.Read(ref kills);
        var errno = CgroupFiles.RemoveTree(Id);
        if (errno == 0)
            errno = CgroupFiles.MakeFolder(Id);
        if (errno != 0)
            return new(ProblemKind.Conflict, "container.still-dying", $"The container {Id} was killed and cannot be used yet: {Errno.Describe(errno)}.");
        home.Watch.Remove(watch);
        try
        {
            watch = home.Watch.Add(Id + "/cgroup.events", this);
        }
        catch (IOException failure)
        {
            return new(ProblemKind.Failed, "container.not-watched", $"Cannot watch the container {Id}.") { Why = failure.Message };
        }

        (killsBefore, limited) = (known, false);
        Limit(Limits);
        return null;
    }

    public override void Limit(LimitsSpec limits)
    {
        // An instance that is restarted has the limits that it had, and every one of them is a file or more; what failed is tried again.
        if (limited && ReferenceEquals(limits, Limits))
            return;
        Limits = limits;
        var enforced = home.Enforced.ToList();
        var not = home.NotEnforced.ToList();
        foreach (var limiter in home.Limiters)
        {
            if (limiter.Apply(Name, Id, limits) is not { } failure)
                continue;
            enforced.Remove(limiter.Name);
            not.Add($"{limiter.Name}: {failure}");
        }

        joins = [.. home.Limiters.Select(limiter => limiter.Join(Name, limits)).OfType<string>()];
        limited = not.Count == home.NotEnforced.Count;
        status = new() { Kind = "cgroup", Id = Id, Enforced = enforced, NotEnforced = not };
    }

    public override Outcome<Done> Remove()
    {
        if (CgroupFiles.RemoveTree(Id) is var errno and not 0)
        {
            return new Problem(ProblemKind.Conflict, "container.not-removed", $"Cannot remove the container {Id}: {Errno.Describe(errno)}.")
            {
                Why = errno == Errno.EBUSY ? "there is still a process in it" : null,
            };
        }

        home.Forget(this, watch);
        return Outcome.Done;
    }
}
