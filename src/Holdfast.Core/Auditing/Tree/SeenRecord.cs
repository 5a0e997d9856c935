namespace Holdfast.Core.Auditing.Tree;

/// <summary>A line that stands where an entry does.</summary>
/// <param name="Hash">Of its bytes.</param>
/// <param name="Sequence">The number that it says it has; 0: it is no entry.</param>
/// <param name="At">When it says it was written.</param>
public readonly record struct SeenRecord(TreeHash Hash, long Sequence, DateTimeOffset At);
