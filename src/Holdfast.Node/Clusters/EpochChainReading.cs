using Holdfast.Core.Problems;
using Holdfast.Node.State;
using Holdfast.Storage;

namespace Holdfast.Node.Clusters;

/// <summary>Reads the documents of a service's epochs.</summary>
internal sealed class EpochChainReading(IStore store)
{
    /// <summary>Also of a service that was removed: its epochs outlive it.</summary>
    public async Task<Outcome<EpochChain>> ReadAsync(string service, CancellationToken cancel)
    {
        var read = await store.RangeAsync(new(KeyRange.Prefix(StateKeys.Acts(service))), cancel);
        if (!read.TryGet(out var range)) return Outcome.Failed<EpochChain>(read.Problems);
        var last = await new StateReader(store).RangeAsync(KeyRange.Single(StateKeys.Epoch(service)), StateJson.Default.DocumentEpochDocument, cancel, range.Revision);
        if (!last.TryGet(out var lastRead)) return Outcome.Failed<EpochChain>(last.Problems);
        List<(Bytes, EpochAct)> acts = [];
        foreach (var item in range.Items)
        {
            var act = StateReader.Read(item, StateJson.Default.DocumentEpochAct);
            if (!act.TryGet(out var document)) return Outcome.Failed<EpochChain>(act.Problems);
            acts.Add((item.Value, document.Value));
        }

        if (acts.Count == 0) return ClusterProblems.NoEpochs(service);
        var chain = EpochChain.Of(acts, lastRead.Found.Count > 0 ? lastRead.Found[0].Value : null);
        var fences = await new StateReader(store).RangeAsync(KeyRange.Prefix(StateKeys.Fences), StateJson.Default.DocumentFenceDocument, cancel, range.Revision);
        if (!fences.TryGet(out var fenced)) return Outcome.Failed<EpochChain>(fences.Problems);
        var off = fenced.Found.Select(one => one.Value).Where(one => one.Outcome == FenceOutcome.Confirmed).ToDictionary(one => one.Lease);
        return chain with { Epochs = [.. chain.Epochs.Select(epoch => epoch with { Fenced = off.GetValueOrDefault(epoch.Act.Lease) })] };
    }
}
