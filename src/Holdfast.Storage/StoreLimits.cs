namespace Holdfast.Storage;

/// <summary>What every store takes. They fit into etcd's defaults (128 steps and 1.5 MiB a request) with room for our own bookkeeping.</summary>
public static class StoreLimits
{
    /// <summary>Compares of a transaction, and steps of each branch.</summary>
    public const int Steps = 120;

    /// <summary>Bytes of all keys and values of a transaction.</summary>
    public const int TransactionBytes = 1024 * 1024;

    /// <summary>Bytes of a key; at least one.</summary>
    public const int KeyBytes = 1024;

    /// <summary>Characters of a request id; at least one.</summary>
    public const int RequestIdCharacters = 128;

    public static readonly TimeSpan ShortestLease = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan LongestLease = TimeSpan.FromDays(30);

    /// <summary>How long a store knows a request id at least. Longer than anybody tries to settle one.</summary>
    public static readonly TimeSpan RequestMemory = TimeSpan.FromHours(1);
}
