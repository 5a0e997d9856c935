namespace Holdfast.Platform;

/// <summary>What a process does for itself when every service of the node hangs on it.</summary>
public static class OwnProtection
{
    /// <summary>Of the supervisor: it is taken after everything that it keeps.</summary>
    public const int Supervisor = -900;

    /// <summary>Of the guard: never taken. It is small, and who else would clear up?</summary>
    public const int Guard = -1000;

    /// <summary>
    /// The out-of-memory killer takes this process late (where we may ask for that: root), and nobody gets its memory: no core dump,
    /// no other process of the same account that reads it. It may hold secrets and unredacted output (law 10).
    /// </summary>
    /// <param name="outOfMemoryScore">-1000 (never) to 1000 (first).</param>
    public static void Apply(int outOfMemoryScore)
    {
        if (OperatingSystem.IsLinux()) Linux.PosixProtection.Apply(outOfMemoryScore);
    }
}
