using Holdfast.Core.NativeServices;

namespace Holdfast.Core.Services;

/// <summary>
/// All that a person decides of a service whose program lies on the host: its spec, and what the service manager and the pin are told.
/// As a document it is a spec of <c>kind: InstalledService</c> with the key <c>install</c>.
/// </summary>
public sealed record InstalledDefinition
{
    /// <summary>Its command names the executable by its absolute path.</summary>
    public required ServiceSpec Spec { get; init; }

    public InstallSpec Install { get; init; } = new();
}

/// <summary>How a program of the host is pinned and started.</summary>
public sealed record InstallSpec
{
    public NativeStartType Start { get; init; }

    /// <summary>What the service manager starts before it, by the service manager's names.</summary>
    public IReadOnlyList<string> Depends { get; init; } = [];

    /// <summary>Folders beside the executable that the service writes, and that are not pinned.</summary>
    public IReadOnlyList<string> Writable { get; init; } = [];

    /// <summary>Nothing that lies beside the executable is pinned.</summary>
    public bool ExecutableOnly { get; init; }
}
