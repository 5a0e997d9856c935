namespace Holdfast.Core.Supervision.Handovers;

/// <summary>The processes of one instance: they are our children, and stay so.</summary>
public sealed record TreeHandover
{
    public IReadOnlyList<ContainerHandover> Containers { get; init; } = [];

    /// <summary>Null: it does not run.</summary>
    public ProcessHandover? Main { get; init; }

    public IReadOnlyList<SideHandover> Sides { get; init; } = [];

    /// <summary>Everything was killed, and it is not told yet that nothing is left.</summary>
    public bool Killing { get; init; }
}

/// <param name="Used">Something was started in it since it was last told to be empty.</param>
/// <param name="Killed">It was killed as a whole since it was made: some kernels let nothing be born in it any more.</param>
/// <param name="Sessions">Where a container is no cgroup: the sessions that its processes lead.</param>
public sealed record ContainerHandover(string Name, bool Used, bool Killed, IReadOnlyList<int> Sessions);

/// <param name="CreationTime">As <see cref="InstanceStatus.CreationTime"/>.</param>
public sealed record ProcessHandover(int Pid, long CreationTime);

/// <summary>A hook or an exec probe that runs.</summary>
/// <param name="Kind">One of <see cref="SideKind"/>.</param>
/// <param name="Since">When it was started, on the boot's clock.</param>
/// <param name="Due">When it is killed.</param>
public sealed record SideHandover(string Kind, long Run, ProcessHandover Process, TimeSpan Since, TimeSpan Due, bool TimedOut, bool Ended, string? Failure);
