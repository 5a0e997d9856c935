namespace Holdfast.Telemetry.Sources.Files;

/// <summary>How it stands with the files of an instance.</summary>
/// <param name="Files">So many are read.</param>
/// <param name="Bytes">Read since the agent began.</param>
/// <param name="Waiting">Bytes that stand in the files and were not read when they were looked at last.</param>
/// <param name="Troubles">What is not read, or not stored, and why: a sentence each. Empty: all is well.</param>
public sealed record FollowStatus(int Files, long Bytes, long Waiting, IReadOnlyList<string> Troubles)
{
    public static FollowStatus Nothing { get; } = new(0, 0, 0, []);
}
