using Holdfast.Core.Leadership;
using Holdfast.Core.Services;

namespace Holdfast.Node.Clusters;

/// <summary>What becomes of a leader when the store is away, in a sentence for people.</summary>
internal static class HoldWords
{
    /// <param name="leader">The node that leads; null: none does.</param>
    /// <param name="holding">How its epoch is held, if it leads on this node; null: it leads elsewhere, or its epoch cannot be held.</param>
    /// <param name="promised">What this node has promised, and until when by the time of day; null: nothing that still holds.</param>
    /// <returns>Empty: it stops at its deadline, as its spec says.</returns>
    public static string Of(PlacementDocument placement, string? leader, string node, Holding? holding, (Promise Promise, DateTimeOffset Until)? promised)
    {
        if (!placement.IsLed || placement.Spec.OnStoreLoss != StoreLossPolicy.HoldIfAllPeersAgree) return "";
        if (leader is null && holding?.Since is null) return promised is { } word ? $"epoch {word.Promise.Epoch} may go on without the store: {node} has promised not to lead above it until {word.Until:HH:mm:ss} UTC" : "";
        if (leader == node && holding is null) return "it stops at its deadline when the store is away; from its next epoch on it can be held";
        var peers = string.Join(", ", holding?.Peers ?? [.. placement.Nodes.Where(name => name != leader).Order(StringComparer.Ordinal)]);
        if (peers.Length == 0) peers = "nobody else (no other node may lead)";
        var without = holding is { Without.Length: > 0 } ? $"; asked last, {holding.Without}" : "";
        if (holding is { Since: { } since, Until: { } until })
            return $"it has gone on without its lease since {since:yyyy-MM-dd HH:mm:ss} UTC, and does until {until:HH:mm:ss} UTC and beyond while all promise not to lead: {peers}{without}";
        if (holding is { IsReady: false }) return "it stops at its deadline when the store is away: it is not written down yet who must agree to its going on";
        return $"when the store is away it goes on while all promise not to lead: {peers}{without}";
    }
}
