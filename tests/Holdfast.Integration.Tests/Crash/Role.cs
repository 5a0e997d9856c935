namespace Holdfast.Integration.Tests.Crash;

/// <summary>Which of our processes; the numbers are inject.c's.</summary>
[Flags]
internal enum Role
{
    None = 0,
    Agent = 1,
    Supervisor = 2,
    Guard = 4,
    Cli = 8,
}

/// <summary>What happens at a step; the numbers are inject.c's.</summary>
internal enum FaultAction
{
    None = 0,
    KillBefore = 1,
    KillAfter = 2,

    /// <summary>Half of the write, then the end.</summary>
    KillTorn = 3,
    NoSpace = 4,
    IoError = 5,

    /// <summary>Half of the write is written, and said to be, as the system may.</summary>
    ShortWrite = 6,
}
