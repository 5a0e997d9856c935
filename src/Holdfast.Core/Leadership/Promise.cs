using Holdfast.Core.Problems;

namespace Holdfast.Core.Leadership;

/// <summary>A node's word that it leads a service in no epoch above this one, until then. What it promised it keeps over every restart of its own.</summary>
/// <param name="Epoch">Of the leader to whom it was given.</param>
/// <param name="Until">On the clock since boot that counts suspend, of the node that gave it.</param>
public sealed record Promise(long Epoch, TimeSpan Until)
{
    /// <summary>Whether this node may promise that; changes nothing.</summary>
    /// <param name="before">What it has promised of the service already; null: nothing.</param>
    /// <param name="epoch">In which the leader acts that asks.</param>
    /// <param name="length">How long the promise is to last, from now.</param>
    /// <param name="known">The highest epoch of the service that this node has seen since its agent began, or acted in; null: it has not seen the store yet.</param>
    /// <param name="isFollowing">It neither acts in an epoch of the service, nor asks for one, nor ends one.</param>
    /// <param name="now">Since boot, suspend included.</param>
    /// <returns>What it has to put on disk before it answers. Problems: <c>hold.refused</c>.</returns>
    public static Outcome<Promise> Give(Promise? before, long epoch, TimeSpan length, long? known, bool isFollowing, TimeSpan now)
    {
        if (length < LeaseTerms.Shortest || length > LeaseTerms.Longest) return Refused($"nobody promises anything for {length}");
        if (!isFollowing) return Refused("it is about to lead, leads, or has not ended yet");
        if (known > epoch || before?.Epoch > epoch) return Refused($"it knows of epoch {Math.Max(known ?? 0, before?.Epoch ?? 0)}");
        // Whoever has seen nothing may have led a moment ago, in an epoch above. One who has promised the same and still does has not.
        if (known is null && !(before?.Epoch == epoch && now < before.Until)) return Refused("it has not seen the store since it began");
        return new Promise(epoch, before is not null && before.Until > now + length ? before.Until : now + length);
    }

    private static Problem Refused(string why) => new(ProblemKind.Refused, "hold.refused", $"This node does not promise not to lead: {why}.");
}
