using System.Text.Json;
using Holdfast.Node.Clusters;
using Holdfast.Node.State;
using Holdfast.Storage;

namespace Holdfast.Node.Tests.Clusters;

public sealed class EpochChainTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    private readonly List<(Bytes Text, EpochAct Act)> acts = [];

    [Fact]
    public void A_chain_in_which_each_names_the_one_before_it_is_whole_and_says_how_each_ended()
    {
        Give(1, "a", by: "a", null);
        Give(2, "b", by: "a", new(1, "a", Noon.AddSeconds(1), Noon.AddSeconds(2), "it is wanted on b"));
        Give(3, "a", by: "a", null);
        Give(4, "b", by: "b", new(3, "a", Noon.AddSeconds(3), Noon.AddSeconds(4), "it is stopped"));
        var chain = EpochChain.Of(acts, Last(4));
        Assert.Empty(chain.Faults);
        Assert.Equal([(true, true), (false, true), (false, true), (false, false)], chain.Epochs.Select(e => (e.HandedOver, e.IsOver)));
        Assert.Null(chain.Epochs[1].End);
        Assert.Equal(LeadershipChanges.HashOf(acts[^1].Text.Span), chain.Head);
    }

    [Fact]
    public void What_was_changed_or_taken_out_or_overlaps_is_found()
    {
        Give(1, "a", by: "a", null);
        Give(2, "b", by: "a", new(1, "a", Noon.AddSeconds(1), Noon.AddSeconds(2), "moved"));
        Give(3, "a", by: "a", null);
        var changed = acts.ToList();
        changed[1] = (Text(changed[1].Act with { Node = "c" }), changed[1].Act with { Node = "c" });
        Assert.Contains(EpochChain.Of(changed, Last(3)).Faults, fault => fault.Contains("epoch 3 does not name that of epoch 2", StringComparison.Ordinal));
        Assert.Contains(EpochChain.Of([acts[0], acts[2]], Last(3)).Faults, fault => fault.Contains("documents are missing", StringComparison.Ordinal));
        Assert.Contains(EpochChain.Of(acts, Last(3) with { Hash = "other" }).Faults, fault => fault.Contains("is not the one that was written", StringComparison.Ordinal));

        acts.Clear();
        Give(1, "a", by: "a", null);
        Give(2, "b", by: "a", new(1, "a", Noon, Noon.AddHours(1), "moved"));
        Assert.Contains(EpochChain.Of(acts, Last(2)).Faults, fault => fault.Contains("was handed over before epoch 1 had ended", StringComparison.Ordinal));
    }

    private void Give(long epoch, string node, string by, EpochEnd? before)
    {
        var act = new EpochAct("worker", epoch, node, 7, by, Noon.AddSeconds(epoch * 10), "so it is", before, acts.Count > 0 ? LeadershipChanges.HashOf(acts[^1].Text.Span) : "");
        acts.Add((Text(act), act));
    }

    private EpochDocument Last(long epoch) => new("worker", epoch, "b", [], Noon, "so it is") { Hash = LeadershipChanges.HashOf(acts[^1].Text.Span) };

    private static Bytes Text(EpochAct act) => new(JsonSerializer.SerializeToUtf8Bytes(Document<EpochAct>.Of(act), StateJson.Default.DocumentEpochAct));
}
