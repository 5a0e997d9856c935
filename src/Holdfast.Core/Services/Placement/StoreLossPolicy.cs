namespace Holdfast.Core.Services;

/// <summary>What a leader does whose lease can no longer be renewed because the store is away (law 9).</summary>
public enum StoreLossPolicy
{
    /// <summary>It stops at its deadline.</summary>
    Stop,

    /// <summary>It goes on as long as every other node says that it does not lead.</summary>
    HoldIfAllPeersAgree,
}
