namespace Holdfast.Storage;

/// <summary>
/// Which store this is. A cluster id that changes under a reader means that the store was restored from a backup:
/// revisions may have gone backwards, so nothing remembered of the former one holds, and no epoch of it may be used again.
/// </summary>
/// <param name="ClusterId">Unlike that of any other store, made at its creation and at each restoring.</param>
/// <param name="Incarnation">1 for a new store, one more with each restoring.</param>
public sealed record StoreIdentity(string ClusterId, long Incarnation);

/// <summary>A store at one moment of its life.</summary>
/// <param name="Revision">Its last change.</param>
public sealed record StoreMoment(StoreIdentity Identity, long Revision);
