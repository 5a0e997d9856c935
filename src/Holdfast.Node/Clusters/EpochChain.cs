using Holdfast.Core.Leadership;
using Holdfast.Storage;

namespace Holdfast.Node.Clusters;

/// <summary>One epoch as its document and the one after it tell.</summary>
/// <param name="End">How it ended, by the word of its node; null: it gave none.</param>
/// <param name="HandedOver">The next epoch was given by this one's node itself.</param>
/// <param name="IsOver">There is a later epoch, or it was given back.</param>
internal sealed record ChainedEpoch(EpochAct Act, EpochEnd? End, bool HandedOver, bool IsOver)
{
    /// <summary>Its node was confirmed to be off under the lease that it led under; null: it was not, or is not asked for.</summary>
    public FenceDocument? Fenced { get; init; }
}

/// <summary>All epochs of a service, and what is wrong with what is written of them.</summary>
/// <param name="Faults">A sentence each.</param>
/// <param name="Head">The hash of the last document; empty: there is none.</param>
internal sealed record EpochChain(IReadOnlyList<ChainedEpoch> Epochs, IReadOnlyList<string> Faults, string Head)
{
    /// <summary>Looks at the documents only: that they follow each other, name each other, and that none began before the one before had ended, as far as that is known on one clock.</summary>
    /// <param name="acts">In the order of their keys.</param>
    /// <param name="last">The document of the last epoch; null: there is none.</param>
    public static EpochChain Of(IReadOnlyList<(Bytes Text, EpochAct Act)> acts, EpochDocument? last)
    {
        List<ChainedEpoch> epochs = [];
        List<string> faults = [];
        for (var i = 0; i < acts.Count; i++)
        {
            var (text, act) = acts[i];
            var next = i + 1 < acts.Count ? acts[i + 1].Act : null;
            if (next is null)
            {
                var given = last is not null && last.Epoch == act.Epoch ? last.End : null;
                epochs.Add(new(act, given, HandedOver: false, given is not null));
                continue;
            }

            var end = next.Before is { } before && before.Epoch == act.Epoch ? before : null;
            epochs.Add(new(act, end, HandedOver: next.By != next.Node, IsOver: true));
            if (next.Previous != LeadershipChanges.HashOf(text.Span)) faults.Add($"the document of epoch {next.Epoch} does not name that of epoch {act.Epoch} as it is: one of them was changed, or one between them is missing");
            if (next.Epoch <= act.Epoch) faults.Add($"epoch {next.Epoch} follows epoch {act.Epoch}");
            if (next.Epoch > act.Epoch + 1 && next.Epoch - act.Epoch < EpochFloor.Span) faults.Add($"between epoch {act.Epoch} and epoch {next.Epoch} documents are missing");
            // Who hands over writes both on one clock.
            if (next.By == act.Node && end is not null && end.Until > next.At) faults.Add($"epoch {next.Epoch} was handed over before epoch {act.Epoch} had ended");
            if (end is { From: { } from } && from > end.Until) faults.Add($"epoch {act.Epoch} ended before it began");
        }

        var head = acts.Count > 0 ? LeadershipChanges.HashOf(acts[^1].Text.Span) : "";
        if (last is not null && acts.Count > 0 && last.Epoch == acts[^1].Act.Epoch && last.Hash != head) faults.Add($"the document of epoch {last.Epoch} is not the one that was written when it was given");
        return new(epochs, faults, head);
    }
}
