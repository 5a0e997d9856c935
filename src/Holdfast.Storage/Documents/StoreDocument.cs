namespace Holdfast.Storage.Documents;

/// <summary>A value of the store read as the JSON document it is.</summary>
/// <param name="ModRevision">For the compare of the next put.</param>
public sealed record StoreDocument<T>(string Key, T Value, long ModRevision);
