using System.Globalization;
using Holdfast.Core.Incidents;

namespace Holdfast.Testing.Simulation;

/// <summary>
/// The real decisions about lease and leadership on five nodes under virtual time, with everything that can happen to them. After every single thing that happens, at
/// most one process acts, but for those whose supervisor or machine stood still past its deadline, of which the sink takes nothing; and no epoch is acted in by two.
/// When it has become quiet again, one leads.
/// </summary>
public sealed class LeadershipSimulation
{
    private const int Nodes = 5;
    private static readonly int Faults = Enum.GetValues<Fault>().Length;
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(10), Quiet = TimeSpan.FromMinutes(1);

    private readonly World world;
    private readonly StoreModel store;
    private readonly SinkModel sink;
    private readonly List<NodeModel> nodes;
    private readonly Dictionary<(Fault, string), long> met = [];
    private readonly Queue<string> story = new();
    private readonly int seed;

    private LeadershipSimulation(int seed, Breakage breakage, Action<string, TimeSpan, Decision>? decided)
    {
        this.seed = seed;
        world = new World(seed);
        sink = new SinkModel(Fail);
        store = new StoreModel(world, 1 + ((world.Chance.NextDouble() - 0.5) * 0.008), ShowAll) { TakesAnything = breakage == Breakage.TakesWithoutAsking };
        // Half of the lives are of a service that is held while the store is away.
        var mayHold = breakage >= Breakage.PromisesFromMemory || seed % 2 == 1;
        nodes = [.. Enumerable.Range(0, Nodes).Select(i => new NodeModel($"node-{i}", i, world, store, sink, breakage, Follow)
        {
            MayHold = mayHold,
            Others = name => nodes!.Find(n => n.Name == name)!,
            Decided = decision => decided?.Invoke($"node-{i}", world.Now, decision),
        })];
        store.Have([.. nodes.Select(n => n.Name)]);
        world.AfterEach = Check;
        world.After(TimeSpan.FromSeconds(5), Trouble);
    }

    /// <summary>What broke, with the seed and what happened last; null: nothing.</summary>
    public string? Violation { get; private set; }

    public long Events => world.Events;

    /// <summary>How many epochs were given.</summary>
    public int Epochs => store.Given.Count;

    /// <summary>Effects that the sink took, and those of former leaders that it refused.</summary>
    public (long Accepted, long Refused) Effects => (sink.Accepted, sink.Refused);

    /// <summary>How often an epoch went on without its lease, and how often its key was put under another one.</summary>
    public (long Held, long Attached) Holds => (nodes.Sum(n => n.Holds.Held), nodes.Sum(n => n.Holds.Attached));

    /// <summary>Which fault met a node in which phase, and how often.</summary>
    public IReadOnlyDictionary<(Fault Fault, string Phase), long> Met => met;

    /// <param name="decided">Told of each step: by which node, when, and from what.</param>
    public static LeadershipSimulation Run(int seed, Breakage breakage = Breakage.None, Action<string, TimeSpan, Decision>? decided = null)
    {
        var run = new LeadershipSimulation(seed, breakage, decided);
        run.Live();
        return run;
    }

    private void Live()
    {
        for (var second = TimeSpan.Zero; second < Length && Violation is null; second += TimeSpan.FromSeconds(1)) world.RunUntil(second);
        if (Violation is not null) return;
        if (nodes.Count(n => n.ActsIn is not null) != 1) Fail($"it has been quiet for {Quiet}, and {nodes.Count(n => n.ActsIn is not null)} act");
        var epochs = store.Given.Select(g => g.Epoch).ToList();
        if (epochs.Zip(epochs.Skip(1)).Any(pair => pair.Second <= pair.First)) Fail("an epoch was given that is not greater than the one before");
    }

    private void Trouble()
    {
        if (world.Now > Length - Quiet) return;
        world.After(world.Between(200, 12_000), Trouble);
        // Half of the faults meet the one that matters most.
        Strike(world.OneIn(2) && nodes.Find(n => n.Phase != "Following") is { } busy ? busy : nodes[world.Chance.Next(Nodes)]);
    }

    /// <summary>What lasts only for moments is met in them.</summary>
    private void Follow(NodeModel node)
    {
        if (node.Phase is "Following" or "Acting" || world.Now > Length - Quiet || !world.OneIn(8)) return;
        world.After(world.Between(0, 2), () =>
        {
            if (node.Phase is not ("Following" or "Acting")) Strike(node);
        });
    }

    private void Strike(NodeModel node)
    {
        var fault = (Fault)world.Chance.Next(Faults);
        met[(fault, node.Phase)] = met.GetValueOrDefault((fault, node.Phase)) + 1;
        Tell($"{fault} at {node.Name} ({node.Phase})");
        var time = world.OneIn(3) ? world.Between(3_000, 15_000) : world.Between(10, 3_000);
        switch (fault)
        {
            case Fault.AgentDies: node.KillAgent(time); break;
            case Fault.AgentFreezes: node.FreezeAgent(time); break;
            case Fault.SupervisorFreezes: node.FreezeSupervisor(time); break;
            case Fault.NodeDies: node.LosePower(time); break;
            case Fault.NodeSuspends: node.StopMachine(time, clockCounts: true); break;
            case Fault.MachineIsPaused: node.StopMachine(time, clockCounts: false); break;
            case Fault.CutThere: For(time, on => node.Link.CutThere = on); break;
            case Fault.CutBack: For(time, on => node.Link.CutBack = on); break;
            case Fault.CutBoth: For(time, on => node.Link.CutThere = node.Link.CutBack = on); break;
            case Fault.NetworkIsBad: For(time, on => node.Link.IsBad = on); break;
            case Fault.KillingIsSlow: For(time, on => node.KillingIsSlow = on); break;
            case Fault.ServiceEnds: node.EndService(); break;
            case Fault.WallClockJumps: node.JumpWallClock(); break;
            case Fault.SwitchIsWanted: store.Wish(node.Name); break;
            case Fault.NodeIsDrained: For(time, on => node.Drained = on); break;
            case Fault.StoreIsAway: store.ChangeLeader(time); break;
            case Fault.PeersAreCut: For(time, on => node.PeersAreCut = on); break;
            case Fault.PeersAreSlow: For(time, on => node.PeersAreSlow = on); break;
            case Fault.MembersChange: ChangeMembers(); break;
        }
    }

    private void ChangeMembers()
    {
        var last = nodes[^1];
        var belongs = !store.Members.Contains(last.Name);
        last.Belong(belongs);
        store.Have([.. nodes.Where(n => belongs || n != last).Select(n => n.Name)]);
    }

    private void For(TimeSpan time, Action<bool> set)
    {
        set(true);
        world.After(time, () => set(false));
    }

    private void Check()
    {
        var newest = 0L;
        var acting = 0;
        foreach (var node in nodes)
        {
            if (node.ActsIn is not { } epoch) continue;
            acting++;
            newest = Math.Max(newest, epoch);
        }

        if (acting < 2 || Violation is not null) return;
        foreach (var node in nodes)
        {
            if (node.ActsIn is { } epoch && epoch < newest && node.ExcusedUntil < world.Now)
                Fail($"{node.Name} acts in epoch {epoch}, and another in epoch {newest}");
        }
    }

    private void ShowAll()
    {
        var view = store.View();
        foreach (var node in nodes) node.Show(view, store.Members);
        Tell($"the store: {(view.Leader is { } leader ? $"{leader.Node} leads in epoch {leader.Epoch}" : "nobody leads")}");
    }

    private void Tell(string what)
    {
        story.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{world.Now.TotalSeconds,9:0.000} s  {what}"));
        if (story.Count > 30) story.Dequeue();
    }

    private void Fail(string what) => Violation ??= string.Create(
        CultureInfo.InvariantCulture, $"Seed {seed}, {world.Now.TotalSeconds:0.000} s: {what}.\n{string.Join('\n', story)}");
}
