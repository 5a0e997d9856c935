using System.Runtime.InteropServices;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;

namespace Holdfast.Platform.Linux.Containers;

/// <summary>A way to hold processes together, and to learn that they are gone.</summary>
internal interface IContainment : IDisposable
{
    ContainmentKind Kind { get; }

    IReadOnlyList<string> Enforced { get; }

    IReadOnlyList<string> NotEnforced { get; }

    /// <summary>Readable when a container may have become empty; null where that is learned only from the ends of processes.</summary>
    SafeHandle? Changes { get; }

    /// <summary>Takes what <see cref="Changes"/> has to say: the containers to look at.</summary>
    void TakeChanges(ISet<LinuxContainer> changed);

    Outcome<LinuxContainer> Open(string name, LimitsSpec limits);

    Outcome<IReadOnlyList<string>> Sweep(TimeSpan within);
}
