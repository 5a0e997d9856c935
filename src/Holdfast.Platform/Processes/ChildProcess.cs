namespace Holdfast.Platform;

/// <summary>A process that the host started.</summary>
/// <param name="CreationTime">As <see cref="ProcessFacts.CreationTime"/>: with the PID it names the process for good.</param>
/// <param name="Container">The name of its container.</param>
public sealed record ChildProcess(int Pid, long CreationTime, string Container);
