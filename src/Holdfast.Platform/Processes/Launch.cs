using System.Runtime.InteropServices;
using Holdfast.Core.Services;

namespace Holdfast.Platform;

/// <summary>
/// One program to start. It gets a session of its own, umask 027, default signals, no descriptor but the three, and nothing
/// of our environment. Memory, CPU, processes, files and core dumps are its container's.
/// </summary>
public sealed record Launch
{
    /// <summary>Absolute path.</summary>
    public required string Executable { get; init; }

    /// <summary>Without the executable.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>All of it.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Absolute path.</summary>
    public required string WorkingFolder { get; init; }

    /// <summary>Null: nothing to read, or what is written is gone (the null device).</summary>
    public SafeHandle? Stdin { get; init; }

    public SafeHandle? Stdout { get; init; }

    public SafeHandle? Stderr { get; init; }

    /// <summary>Null: ours. Another one than ours needs privileges, and gets no way back to more (no_new_privs).</summary>
    public Account? Account { get; init; }

    public PriorityClass Priority { get; init; } = PriorityClass.Normal;
}
