namespace Holdfast.Core.NativeServices;

/// <summary>A service's status as others see it.</summary>
/// <param name="Status">What it told the SCM last; accepted controls that have no name with us are left out.</param>
/// <param name="ProcessId">0: it has no process.</param>
public sealed record ObservedStatus(NativeStatus Status, int ProcessId);
