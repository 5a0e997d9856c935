namespace Holdfast.Storage;

/// <summary>Keys put with it are deleted when it ends: revoked, or not kept alive for its length.</summary>
/// <param name="Length">As granted: whole seconds, not shorter than asked for.</param>
public sealed record Lease(long Id, TimeSpan Length);
