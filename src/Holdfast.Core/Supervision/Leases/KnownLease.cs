namespace Holdfast.Core.Supervision.Leases;

/// <summary>A node's lease as its supervisor knows it. Moments are on the clock since boot that counts suspend.</summary>
/// <param name="SoftAt">From then on nothing new is started under it.</param>
/// <param name="HardAt">From then on nothing under it may run.</param>
/// <param name="HeldBack">Why nothing new is started although it is early enough; null: it is.</param>
/// <param name="Fenced">Why nothing under it may run any more; null: it may. It is never taken back.</param>
public sealed record KnownLease(long Lease, TimeSpan SoftAt, TimeSpan HardAt, string? HeldBack = null, string? Fenced = null);
