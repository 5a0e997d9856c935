using Holdfast.Core.Problems;

namespace Holdfast.Storage.Etcd;

/// <summary>How one member of an etcd is.</summary>
public sealed record EtcdMemberState(Uri Endpoint)
{
    /// <summary>Why it does not say; null: it does, and the rest is filled.</summary>
    public Problem? Problem { get; init; }

    /// <summary>The number that etcd gave it.</summary>
    public ulong Id { get; init; }

    public string Version { get; init; } = "";

    public bool IsLeader { get; init; }

    /// <summary>It knows a leader, itself or another: it is not cut off.</summary>
    public bool HasLeader { get; init; }

    /// <summary>It has no vote.</summary>
    public bool IsLearner { get; init; }

    /// <summary>Of what it has seen: one that lags has a lower one.</summary>
    public long Revision { get; init; }

    /// <summary>The last entry of etcd's log that it has carried out.</summary>
    public ulong Applied { get; init; }

    /// <summary>Bytes of its file, and of them those that hold something: the difference is what defragmenting gives back.</summary>
    public long FileBytes { get; init; }

    public long UsedBytes { get; init; }

    /// <summary>What it complains of itself: alarms, a disk that is full.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];
}
