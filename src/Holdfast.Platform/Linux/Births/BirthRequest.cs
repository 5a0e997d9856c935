using System.Runtime.InteropServices;

namespace Holdfast.Platform.Linux.Births;

/// <summary>A launch in the kernel's terms: everything is decided, and every handle is open.</summary>
internal sealed record BirthRequest
{
    public required string Executable { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public required string Folder { get; init; }

    public required SafeHandle Input { get; init; }

    public required SafeHandle Output { get; init; }

    public required SafeHandle Error { get; init; }

    /// <summary>The cgroup to be born in; null: ours.</summary>
    public string? Cgroup { get; init; }

    /// <summary>Folders of further cgroups (version 1) to enter before anything else.</summary>
    public IReadOnlyList<string> Joins { get; init; } = [];

    /// <summary>Null: stays what we are.</summary>
    public Account? Account { get; init; }

    public bool NoNewPrivileges { get; init; }

    /// <summary>Open files; null: as many as we may.</summary>
    public int? Files { get; init; }

    /// <summary>CPUs as the kernel lists them: <c>0,2-3</c>. Null: ours.</summary>
    public string? Cpus { get; init; }

    public bool CoreDumps { get; init; }

    /// <summary>-20 (first) to 19 (last).</summary>
    public int Niceness { get; init; }

    /// <summary>Set: is not killed when we die.</summary>
    public bool Outlives { get; init; }

    /// <summary>Set: outlives us, and is nobody's child.</summary>
    public bool Detached { get; init; }
}
