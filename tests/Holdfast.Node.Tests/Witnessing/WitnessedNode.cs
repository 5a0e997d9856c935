using Holdfast.Core.Auditing;
using Holdfast.Core.Problems;
using Holdfast.Node.Hosting;
using Holdfast.Node.Operations;
using Holdfast.Node.Packages;
using Holdfast.Node.Witnessing;
using Holdfast.Packaging.Tests.Kit;
using Holdfast.Platform;
using Holdfast.Rpc.V1;
using Holdfast.Telemetry.Auditing;
using AuditEntry = Holdfast.Core.Auditing.AuditEntry;
using AuditWitness = Holdfast.Node.Witnessing.AuditWitness;

namespace Holdfast.Node.Tests.Witnessing;

/// <summary>A node's log, the node as a witness and its own witnesses, without doors: a test says whom it reaches.</summary>
internal sealed class WitnessedNode : IDisposable
{
    private readonly TimeProvider time;

    public WitnessedNode(string folder, string name, TimeProvider time)
    {
        this.time = time;
        Name = name;
        Home = new(folder);
        Law.Ok(HomeFolders.Ensure(Home));
        Open();
    }

    public string Name { get; }

    public Home Home { get; }

    public AuditLog Audit { get; private set; } = null!;

    public AuditWitness Witness { get; private set; } = null!;

    public Cosigners Cosigners { get; private set; } = null!;

    public WitnessState State { get; private set; } = null!;

    /// <summary>Whom it asks.</summary>
    public List<WitnessedNode> Others { get; } = [];

    /// <summary>What becomes of an answer on its way; null: it comes.</summary>
    public Func<CosignAuditResponse, Outcome<CosignAuditResponse>>? OnTheWay { get; set; }

    public string Checkpoint => Path.Combine(Home.Audit, "checkpoint.cosigned");

    /// <summary>Another agent in the same home.</summary>
    public void Restart()
    {
        Audit.Dispose();
        Open();
    }

    /// <summary>As a virtual machine is: the log's folder is what it was.</summary>
    public void SetBack(string copy)
    {
        Audit.Dispose();
        Directory.Delete(Home.Audit, recursive: true);
        Directory.Move(copy, Home.Audit);
        Open();
    }

    public string Copy(string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(Home.Audit)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        return to;
    }

    public void Append(int count)
    {
        for (var i = 0; i < count; i++) Law.Ok(Audit.Append(new() { Actor = "alice", Action = "deploy", Target = $"s{i}", Outcome = AuditOutcome.Done, Operation = "op" }));
    }

    public List<AuditEntry> Recorded(string action) => [.. AuditReader.Read(Home.Audit, new()).Where(entry => entry.Action == action)];

    public void Dispose() => Audit.Dispose();

    private void Open()
    {
        Audit = Law.Ok(NodeAudit.Open(Home, Name, time));
        var record = new ChangeRecord(Audit);
        Witness = new(Name, WitnessBook.Open(Home), Audit, record, time);
        Cosigners = new(
            Audit, new(Home), record,
            (peer, offer, _) =>
            {
                var other = Others.Single(node => node.Name == peer.Node);
                var taken = other.Witness.Take(offer with { Node = Name }, new($"node/{Name}")).Then(answer => Outcome.Of(WitnessWords.Answer(answer, other.Witness.Name, other.Audit.Key!)));
                return Task.FromResult(taken.IsOk && OnTheWay is { } way ? way(taken.Value) : taken);
            },
            () => [.. Others.Select(node => new PeerAddress(node.Name, "nowhere"))], time);
        State = new(Witness, Cosigners, Home.Audit);
    }
}
