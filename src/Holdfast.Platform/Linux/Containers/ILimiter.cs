using Holdfast.Core.Services;

namespace Holdfast.Platform.Linux.Containers;

/// <summary>Puts one kind of limit on containers, through whichever controller this host offers for it.</summary>
internal interface ILimiter
{
    /// <summary>As the spec names it: <c>limits.memory</c>.</summary>
    string Name { get; }

    /// <summary>Null when it holds (or nothing is limited); else why not.</summary>
    /// <param name="cgroup">The container's folder in the unified tree.</param>
    string? Apply(string container, string cgroup, LimitsSpec limits);

    /// <summary>The version 1 cgroup that children must enter for it; null without.</summary>
    string? Join(string container, LimitsSpec limits);

    void Remove(string container);

    /// <summary>When the host goes: removes what was made for all containers, if it is empty.</summary>
    void Close();
}
