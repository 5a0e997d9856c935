namespace Holdfast.Storage;

/// <summary>A key as it was at some revision.</summary>
/// <param name="CreateRevision">The revision that made the key (again, if it had been deleted).</param>
/// <param name="ModRevision">The revision that last put it: what a compare-and-swap names.</param>
/// <param name="Version">1 for the put that made it, one more with each put since.</param>
/// <param name="Lease">The lease the key dies with; 0: none.</param>
public sealed record KeyValue(Bytes Key, Bytes Value, long CreateRevision, long ModRevision, long Version, long Lease);
