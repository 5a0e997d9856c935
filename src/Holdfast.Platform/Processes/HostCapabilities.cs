namespace Holdfast.Platform;

/// <summary>What holds processes together here.</summary>
public enum ContainmentKind
{
    /// <summary>Nobody leaves it, and it dies as a whole.</summary>
    Cgroup,

    /// <summary>A Windows job object.</summary>
    Job,

    /// <summary>Sessions, descent and an environment mark: holds what does not hide on purpose.</summary>
    Session,
}

/// <summary>How a child gets into its container.</summary>
public enum BirthWay
{
    /// <summary>By the native launcher: born in it.</summary>
    Native,

    /// <summary>Through a shell that joins it and then becomes the program: slower, and the same afterwards.</summary>
    Shell,
}

/// <summary>What this host can enforce, and what not and why.</summary>
/// <param name="BirthReason">Why it is not the native launcher, if it is not.</param>
/// <param name="Enforced">By the spec's names: <c>limits.memory</c>, …</param>
/// <param name="NotEnforced">The same names, each with its reason: <c>limits.cpu: the cpu controller is not delegated to this account</c>.</param>
public sealed record HostCapabilities(
    ContainmentKind Containment,
    BirthWay Birth,
    string? BirthReason,
    IReadOnlyList<string> Enforced,
    IReadOnlyList<string> NotEnforced);
