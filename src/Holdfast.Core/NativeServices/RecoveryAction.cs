namespace Holdfast.Core.NativeServices;

/// <summary>What is done at one failure, and how long after it.</summary>
public sealed record RecoveryAction(RecoveryKind Kind, TimeSpan After);
