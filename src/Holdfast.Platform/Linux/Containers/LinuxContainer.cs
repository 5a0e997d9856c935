using System.Runtime.Versioning;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Handovers;

namespace Holdfast.Platform.Linux.Containers;

/// <summary>What the host must know of a container, whatever holds it together.</summary>
[SupportedOSPlatform("linux")]
internal abstract class LinuxContainer(string name, string id) : IContainer
{
    public string Name { get; } = name;

    public string Id { get; } = id;

    public abstract ContainmentStatus Status { get; }

    public abstract bool IsEmpty { get; }

    /// <summary>The limits that hold for what is started now.</summary>
    public LimitsSpec Limits { get; protected set; } = new();

    /// <summary>Started children that are not reaped yet: while there are some, emptiness is not told.</summary>
    public int Children { get; set; }

    /// <summary>Something was started since emptiness was last told.</summary>
    public bool WasUsed { get; set; }

    /// <summary>The cgroup that children are born in; null without.</summary>
    public virtual string? Cgroup => null;

    /// <summary>Further cgroups that children enter at birth.</summary>
    public virtual IReadOnlyList<string> Joins => [];

    /// <summary>An environment variable that its children carry; null where they need no mark.</summary>
    public virtual KeyValuePair<string, string>? Mark => null;

    /// <summary>Called before each start; null when it may go on.</summary>
    public virtual Problem? PrepareBirth() => null;

    /// <summary>Called after each start.</summary>
    public virtual void Born(int pid)
    {
    }

    /// <summary>Called when the kernel says that something came into it or that it became empty.</summary>
    public virtual void TakeChange()
    {
    }

    /// <summary>What was in it under this process's earlier image.</summary>
    public virtual void TakeOver(ContainerHandover earlier) => WasUsed = earlier.Used;

    public abstract ContainerHandover HandOver();

    public abstract IReadOnlyList<int> Members();

    public abstract void Kill();

    public abstract void KillFromAnywhere();

    public abstract Outcome<bool> Suspend();

    public abstract Outcome<Done> LetRun();

    public abstract void Limit(LimitsSpec limits);

    public abstract Outcome<Done> Remove();
}
