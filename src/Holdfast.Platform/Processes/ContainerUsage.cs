namespace Holdfast.Platform;

/// <summary>What a container uses now. Any process of the same account (or root) can read it, from the container's id alone.</summary>
/// <param name="Cpu">Consumed by all that ever ran in it since it was made (session containment: by those alive and the children they waited for).</param>
/// <param name="ResidentBytes">Sum over its processes; pages they share count once for each.</param>
/// <param name="Processes">Alive now.</param>
public sealed record ContainerUsage(TimeSpan Cpu, long ResidentBytes, int Processes)
{
    /// <summary>Null when there is no such container (any more).</summary>
    public static ContainerUsage? Read(string id) => ReadAll([id])[0];

    /// <summary>Many at once: under session containment one look at the process table serves all.</summary>
    /// <returns>In the order of <paramref name="ids"/>.</returns>
    public static IReadOnlyList<ContainerUsage?> ReadAll(IReadOnlyList<string> ids) =>
        OperatingSystem.IsLinux() ? Linux.LinuxUsage.Read(ids)
        : OperatingSystem.IsWindows() ? Windows.Jobs.JobUsage.Read(ids)
        : throw Unsupported.Here("container accounting");
}
