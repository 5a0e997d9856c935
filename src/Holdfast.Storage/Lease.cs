namespace Holdfast.Storage;

/// <summary>Keys put with it are deleted when it ends: revoked, or not kept alive for its length.</summary>
/// <param name="Length">As granted: whole seconds, not shorter than asked for.</param>
public sealed record Lease(long Id, TimeSpan Length);

/// <summary>A lease as somebody sees it who does not hold it.</summary>
/// <param name="Left">It lasts no longer than this without being kept alive; a store that counts in whole seconds says the next one up.</param>
public sealed record SeenLease(Lease Lease, TimeSpan Left);
