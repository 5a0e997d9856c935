using Holdfast.Core.Leadership;
using Holdfast.Core.Problems;
using Holdfast.Node.Operations;
using Holdfast.Node.State;
using Holdfast.Platform;
using Holdfast.Rpc.V1;
using Holdfast.Storage;
using Problem = Holdfast.Core.Problems.Problem;

namespace Holdfast.Node.Clusters;

/// <summary>
/// Powers another node off by the command that this machine's administrator wrote down, and when it is confirmed that it is off, takes its lease: who leads next then waits for nothing.
/// One is fenced at a time in the whole cluster: who does it has the turn in the store, under its own lease. Of two nodes that want to shoot each other one alone does.
/// </summary>
/// <param name="sure">This node's lease, where it is beyond doubt.</param>
/// <param name="held">This node's lease.</param>
internal sealed class NodeFencing(string self, StoreMirror mirror, Func<long?> sure, Func<long?> held, IStore store, Home home, ChangeRecord record, TimeProvider time)
{
    private static readonly TimeSpan RevokeWithin = TimeSpan.FromSeconds(30), Again = TimeSpan.FromMilliseconds(200);

    public const string Action = "node-fence";

    private int busy;
    private bool untidy = true;

    /// <summary>What is known of how nodes are fenced from here. Problems: those of the file.</summary>
    public Outcome<FencingRules> Rules => FencingFile.Read(home);

    /// <summary>What fencing it now would be. Problems: why it cannot be done, all at once; <c>fence.*</c>, <c>cluster.no-node</c>, those of the file and of the pins.</summary>
    public async Task<Outcome<FencePlan>> PlanAsync(string node, CancellationToken cancel)
    {
        var image = mirror.Now;
        if (node == self) return FenceProblems.Itself(node);
        if (image.Nodes.Find(node) is null) return ClusterProblems.NoNode(node, image.Nodes.Documents.Keys);
        List<Problem> wrong = [];
        var rules = Rules;
        var command = rules.IsOk ? rules.Value.For(node) : null;
        if (!rules.IsOk) wrong.AddRange(rules.Problems);
        else if (command is null) wrong.Add(FenceProblems.NoCommand(node, FencingFile.Of(home)));
        else wrong.AddRange(await UnpinnedAsync(command, cancel));
        if (sure() is not { } own)
        {
            wrong.Add(FenceProblems.InDoubt(self));
            own = 0;
        }

        // The image may be behind, and this must not be.
        var read = await new StateReader(store).RangeAsync(KeyRange.Single(StateKeys.Presence(node)), StateJson.Default.DocumentPresence, cancel);
        if (!read.TryGet(out var there)) wrong.AddRange(read.Problems);
        else if (there.Found.Count == 0) wrong.Add(FenceProblems.NoLease(node));
        if (wrong.Count > 0) return wrong;
        var led = image.Leaders.Documents.Values.Where(l => l.Value.Node == node).Select(l => l.Value.Service).Order(StringComparer.Ordinal).ToList();
        return new FencePlan(node, command!, there!.Found[0].Value.Lease, there.Found[0].Revision, own, led);
    }

    /// <summary>For the validation report: which nodes can be powered off from here, and what is wrong with how.</summary>
    public async Task<IReadOnlyList<ClusterFinding>> CheckAsync(CancellationToken cancel)
    {
        var rules = Rules;
        var others = mirror.Now.Nodes.Documents.Keys.Where(node => node != self).Order(StringComparer.Ordinal).ToList();
        var commands = rules.IsOk ? others.Select(rules.Value.For).OfType<FenceCommand>().ToList() : [];
        List<Problem> unpinned = [];
        foreach (var command in commands) unpinned.AddRange(await UnpinnedAsync(command, cancel));
        return [.. FencingCheck.Of(rules, self, others, unpinned)];
    }

    /// <summary>Fences it.</summary>
    /// <param name="tell">Told of each step.</param>
    public async Task<Outcome<string>> FenceAsync(string node, string why, OperationRequest request, Action<string> tell)
    {
        var planned = await PlanAsync(node, CancellationToken.None);
        if (!planned.TryGet(out var plan))
        {
            record.Refused(request.Actor, Action, node, request.Id, planned.Problems);
            return Outcome.Failed<string>(planned.Problems);
        }

        if (Interlocked.Exchange(ref busy, 1) != 0) return FenceProblems.Busy(self);
        try
        {
            return await RecordedAsync(plan, why.Length > 0 ? why : $"{request.Actor} wants it so", request, tell);
        }
        finally
        {
            Volatile.Write(ref busy, 0);
        }
    }

    /// <summary>Gives back a turn that an agent before this one had, or that could not be given back: its lease goes on, and nobody could fence anybody.</summary>
    public async Task TidyAsync(CancellationToken cancel)
    {
        if (!untidy || Interlocked.Exchange(ref busy, 1) != 0) return;
        try
        {
            var read = await new StateReader(store).RangeAsync(KeyRange.Single(StateKeys.FenceTurn), StateJson.Default.DocumentFenceDocument, cancel);
            if (!read.TryGet(out var turn)) return;
            if (turn.Found.Count > 0 && turn.Found[0].Value.From == self)
            {
                var left = turn.Found[0].Revision;
                if (await store.CommitAsync(new() { If = [Compare.Unchanged(StateKeys.FenceTurn, left)], Then = [new Operation.Delete(StateKeys.FenceTurn)] }, cancel) is not CommitResult.Decided) return;
            }

            untidy = false;
        }
        finally
        {
            Volatile.Write(ref busy, 0);
        }
    }

    private async Task<Outcome<string>> RecordedAsync(FencePlan plan, string why, OperationRequest request, Action<string> tell)
    {
        var details = new Dictionary<string, string> { ["reason"] = why, ["lease"] = $"{plan.Lease:x}", ["command"] = FenceWords.Shown(plan.Command.Command) };
        return await record.AroundAsync(
            request.Actor, Action, plan.Node, request.Id, details, () => CarryOutAsync(plan, why, request.Actor.Name, tell), said => new Dictionary<string, string>(details) { ["said"] = said });
    }

    private async Task<Outcome<string>> CarryOutAsync(FencePlan plan, string why, string actor, Action<string> tell)
    {
        var begun = new FenceDocument(plan.Node, plan.Lease, self, actor, why, time.GetUtcNow(), FenceOutcome.UnderWay, "");
        var taken = await TakeTurnAsync(plan, begun);
        if (!taken.TryGet(out var turn)) return Outcome.Failed<string>(taken.Problems);
        tell($"this node has the turn, and asks for {plan.Node} to be powered off");
        var off = await RunAsync(plan);
        // Its keys end with its lease; that it was fenced is said before.
        await ConcludeAsync(turn, begun with { Outcome = off.IsOk ? FenceOutcome.Confirmed : FenceOutcome.Failed, Said = off.IsOk ? off.Value : off.Problems[0].Why ?? "" });
        if (!off.IsOk) return off;
        tell($"{plan.Node} is off{(off.Value.Length > 0 ? $": {off.Value}" : "")}");
        return await RevokeAsync(plan);
    }

    /// <summary>Written under our lease: who is cut off from the store, or has lost its lease, cannot write it.</summary>
    private async Task<Outcome<long>> TakeTurnAsync(FencePlan plan, FenceDocument begun)
    {
        var document = StateJson.Write(begun, StateJson.Default.DocumentFenceDocument);
        var committed = await store.CommitKnownAsync(
            new()
            {
                If = [Compare.Absent(StateKeys.FenceTurn), Compare.Unchanged(StateKeys.Presence(plan.Node), plan.PresenceRevision)],
                Then = [new Operation.Put(StateKeys.FenceTurn, document, plan.Own), new Operation.Put(StateKeys.Fence(plan.Node, plan.Lease), document)],
            },
            time, CancellationToken.None);
        if (!committed.TryGet(out var done)) return Outcome.Failed<long>(committed.Problems);
        if (done.Succeeded) return done.Revision;
        var others = await new StateReader(store).RangeAsync(KeyRange.Single(StateKeys.FenceTurn), StateJson.Default.DocumentFenceDocument, CancellationToken.None);
        return others.IsOk && others.Value.Found.Count > 0 ? FenceProblems.AnotherHasTheTurn(others.Value.Found[0].Value) : ClusterProblems.Overtaken(plan.Node);
    }

    /// <summary>Ended with our lease: another may have the turn then, and be about to fence this node.</summary>
    private async Task<Outcome<string>> RunAsync(FencePlan plan)
    {
        using var ours = new CancellationTokenSource();
        var running = new FenceProcess(home, time).RunAsync(plan.Command, ours.Token);
        while (await Task.WhenAny(running, Task.Delay(Again, time)) != running)
        {
            if (held() != plan.Own) await ours.CancelAsync();
        }

        return await running;
    }

    private async Task ConcludeAsync(long turn, FenceDocument ended)
    {
        var said = new Operation.Put(StateKeys.Fence(ended.Node, ended.Lease), StateJson.Write(ended, StateJson.Default.DocumentFenceDocument));
        using var patience = new CancellationTokenSource(RevokeWithin, time);
        // Where it cannot be written, the turn ends with our lease, or is given back later.
        var written = await store.CommitKnownAsync(
            new() { If = [Compare.Unchanged(StateKeys.FenceTurn, turn)], Then = [new Operation.Delete(StateKeys.FenceTurn), said], Else = [said] }, time, patience.Token);
        if (!written.IsOk) untidy = true;
    }

    /// <summary>A store that has lost a member with that machine needs a moment to answer again.</summary>
    private async Task<Outcome<string>> RevokeAsync(FencePlan plan)
    {
        var began = BootClock.SinceBoot;
        while (true)
        {
            var revoked = await store.RevokeLeaseAsync(plan.Lease, CancellationToken.None);
            if (revoked.IsOk) return $"{plan.Node} is off, and its lease is taken: whoever can lead {(plan.Led.Count > 0 ? string.Join(", ", plan.Led) : "what it led")} does";
            if (revoked.Problems[0].Rule == "store.lease-gone") return $"{plan.Node} is off; its lease had ended already";
            if (BootClock.SinceBoot - began > RevokeWithin) return FenceProblems.NotTaken(plan.Node, revoked.Problems[0]);
            await Task.Delay(Again, time);
        }
    }

    /// <summary>What it runs is pinned, as all is that runs here (law 1).</summary>
    private async Task<IReadOnlyList<Problem>> UnpinnedAsync(FenceCommand command, CancellationToken cancel)
    {
        List<Problem> wrong = [];
        foreach (var program in new[] { command.Command, command.Confirm }.Where(words => words.Count > 0).Select(words => words[0]).Distinct())
            wrong.AddRange((await PinnedTool.AdmitAsync(program, home, time, cancel)).Problems);
        return wrong;
    }
}

/// <param name="Lease">The node's, and under it what it leads.</param>
/// <param name="Own">This node's.</param>
/// <param name="Led">Services that it leads.</param>
internal sealed record FencePlan(string Node, FenceCommand Command, long Lease, long PresenceRevision, long Own, IReadOnlyList<string> Led)
{
    /// <summary>What would be done, a sentence each.</summary>
    public IEnumerable<string> Preview()
    {
        yield return $"{FenceWords.Shown(Command.Command)} is to power {Node} off, within {Command.Within.TotalSeconds:0.#} s";
        yield return Command.Confirm.Count > 0
            ? $"{FenceWords.Shown(Command.Confirm)} is to confirm that it is off, within {Command.Within.TotalSeconds:0.#} s"
            : "that the command exits with 0 is taken as the proof that it is off";
        yield return Led.Count > 0 ? $"its lease is taken then, and others lead {string.Join(", ", Led)}" : "its lease is taken then; it leads nothing";
    }
}
