using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Holdfast.Core.Leadership;
using Holdfast.Core.Problems;
using Holdfast.Node.Clusters;
using Holdfast.Node.Operations;
using Holdfast.Node.Witnessing;
using Holdfast.Platform;
using Holdfast.Rpc.Server;
using Holdfast.Rpc.V1;
using AuditWitness = Holdfast.Node.Witnessing.AuditWitness;
using static Holdfast.Rpc.V1.Nodes;

namespace Holdfast.Node.Api;

/// <summary>The nodes of the cluster, and who leads.</summary>
/// <param name="cluster">Null: the node belongs to none.</param>
internal sealed class NodesApi(
    ClusterParts? cluster, ClusterOrders? orders, ClusterCheck? check, EpochChainReading? proof, NodeFencing? fencing, NodeHandover? handover, PromiseGiving? promising, AuditWitness witness, Refusals refusals, Home home, TimeProvider time) : NodesBase
{
    public override Task<ListNodesResponse> ListNodes(ListNodesRequest request, ServerCallContext context)
    {
        var (image, now) = (Mine.Mirror.Now, time.GetUtcNow());
        var response = new ListNodesResponse { Cluster = Mine.File.Name, Paused = image.Cluster.Find("pause")?.Value is { } pause ? $"{pause.By}: {pause.Why}" : "" };
        foreach (var node in image.Nodes.Documents.Values.Select(n => n.Value).OrderBy(n => n.Name, StringComparer.Ordinal))
        {
            var (presence, order) = (image.Presences.Find(node.Name)?.Value, image.NodeOrders.Find(node.Name)?.Value);
            if (order?.Until is { } until && until <= now) order = null;
            var fence = Fences.On(image, node.Name, null);
            var shown = new ClusterNode
            {
                Name = node.Name,
                State = presence is null ? "away" : presence.Leaving.Length > 0 ? "leaving" : order is null ? "present" : order.Kind == NodeOrderKind.Drain ? "drained" : "quarantined",
                Reason = presence is { Leaving.Length: > 0 } ? presence.Leaving : order is null ? "" : $"{order.By}: {order.Why}",
                Version = node.Version,
                OperatingSystem = node.OperatingSystem,
                Address = node.Address,
                Processors = node.Processors,
                MemoryBytes = node.MemoryBytes,
                Instances = image.Reports.Documents.Values.Count(r => r.Value.Node == node.Name && !r.Value.StandsBy),
                Leads = image.Leaders.Documents.Values.Count(l => l.Value.Node == node.Name),
                Since = presence is null ? null : Timestamp.FromDateTimeOffset(presence.Since),
                Conducts = image.Conductor == node.Name,
                Fence = fence.Word,
                FenceWhy = fence.Why,
            };
            foreach (var (name, value) in node.Labels) shown.Labels[name] = value;
            response.Nodes.Add(shown);
        }

        return Task.FromResult(response);
    }

    public override async Task<OrderNodeResponse> OrderNode(OrderNodeRequest request, ServerCallContext context)
    {
        _ = Mine;
        var done = await orders!.OrderAsync(request.Node, request.Order, request.Why, By(request.RequestId, context), context.Cancel);
        return new() { Consequences = { Or(done) } };
    }

    public override async Task FenceNode(FenceNodeRequest request, IServerStreamWriter<Progress> responses, ServerCallContext context)
    {
        _ = Mine;
        var caller = Caller.Of(context);
        if (!caller.IsAdministrator) throw caller.Refuse(refusals, NodeFencing.Action, request.Node, FenceProblems.NoRight(caller.Name));
        if (request.DryRun)
        {
            foreach (var line in Or(await fencing!.PlanAsync(request.Node, context.Cancel)).Preview()) await responses.WriteAsync(Progress("would", line), context.Cancel);
            return;
        }

        var by = By(request.RequestId, context);
        await foreach (var told in Telling.Of(tell => fencing!.FenceAsync(request.Node, request.Why, by, tell), context.Cancel))
            await responses.WriteAsync(Progress("fence", Or(told)), context.Cancel);
    }

    public override async Task Handover(HandoverRequest request, IServerStreamWriter<Progress> responses, ServerCallContext context)
    {
        if (handover is null)
        {
            await responses.WriteAsync(Progress("handover", "this node is by itself: there is nobody to hand over to"), context.Cancel);
            return;
        }

        var (within, by) = (request.WithinSeconds > 0 ? TimeSpan.FromSeconds(request.WithinSeconds) : NodeHandover.UsuallyWithin, By(request.RequestId, context));
        await foreach (var told in Telling.Of(tell => handover.RunAsync(request.Why, request.GoesDown, within, by, tell), context.Cancel))
            await responses.WriteAsync(Progress("handover", Or(told)), context.Cancel);
    }

    public override async Task<PauseClusterResponse> PauseCluster(PauseClusterRequest request, ServerCallContext context)
    {
        _ = Mine;
        Or(await orders!.PauseAsync(request.Pause, request.Why, By(request.RequestId, context), context.Cancel));
        return new();
    }

    public override Task<GetLeadershipResponse> GetLeadership(GetLeadershipRequest request, ServerCallContext context)
    {
        var image = Mine.Mirror.Now;
        if (request.Service.Length > 0 && image.Services.Find(request.Service) is null) throw ProblemTranslation.ToException([ClusterProblems.NoService(request.Service)]);
        var response = new GetLeadershipResponse();
        var led = image.Placements.Documents.Values.Select(p => p.Value).Where(p => p.IsLed && (request.Service.Length == 0 || p.Service == request.Service)).OrderBy(p => p.Service, StringComparer.Ordinal).ToList();
        if (request.Service.Length > 0 && led.Count == 0) throw ProblemTranslation.ToException([ClusterProblems.NotLed(request.Service)]);
        response.Services.Add(led.Select(placement => Message(image, placement)));
        return Task.FromResult(response);
    }

    public override async Task Switchover(SwitchoverRequest request, IServerStreamWriter<Progress> responses, ServerCallContext context)
    {
        _ = Mine;
        if (request.DryRun)
        {
            var (view, to) = Or(orders!.Plan(request.Service, request.To));
            foreach (var line in SwitchoverPreview.Of(request.Service, view, to)) await responses.WriteAsync(Progress("would", line), context.Cancel);
            return;
        }

        if (request.Cancel || request.At is not null)
        {
            var planned = request.Cancel
                ? await orders!.UnplanAsync(request.Service, By(request.RequestId, context), context.Cancel)
                : await orders!.PlanAtAsync(request.Service, request.To, Timestamps.Read(request.At), By(request.RequestId, context), context.Cancel);
            await responses.WriteAsync(Progress("plan", Or(planned)), context.Cancel);
            return;
        }

        await foreach (var told in orders!.SwitchoverAsync(request.Service, request.To, By(request.RequestId, context), context.Cancel))
            await responses.WriteAsync(Progress("move", Or(told)), context.Cancel);
    }

    public override async Task<GetProofResponse> GetProof(GetProofRequest request, ServerCallContext context)
    {
        _ = Mine;
        var chain = Or(await proof!.ReadAsync(request.Service, context.Cancel));
        return new()
        {
            Head = chain.Head,
            Faults = { chain.Faults },
            Epochs =
            {
                chain.Epochs.Select(epoch => new ProvenEpoch
                {
                    Epoch = epoch.Act.Epoch,
                    Node = epoch.Act.Node,
                    GivenAt = Timestamp.FromDateTimeOffset(epoch.Act.At),
                    Why = epoch.Act.Why,
                    From = epoch.End?.From is { } from ? Timestamp.FromDateTimeOffset(from) : null,
                    Until = epoch.End is { } end ? Timestamp.FromDateTimeOffset(end.Until) : null,
                    End = !epoch.IsOver ? "" : epoch.End is null ? epoch.Fenced is null ? "lease-ended" : "fenced" : epoch.HandedOver ? "handed-over" : "given-back",
                    How = epoch.End?.How ?? (epoch is { IsOver: true, Fenced: { } fence } ? $"{fence.From} powered {fence.Node} off, and it was confirmed ({fence.By}: {fence.Why})" : ""),
                }),
            },
        };
    }

    public override async Task GetIncident(GetIncidentRequest request, IServerStreamWriter<IncidentPart> responses, ServerCallContext context)
    {
        var lines = Or(await Mine.Incidents.TakeAsync(request.Service, request.Since is { } since ? Timestamps.Read(since) : null, context.Cancel));
        foreach (var line in lines) await responses.WriteAsync(new() { Lines = ByteString.CopyFrom(line) }, context.Cancel);
    }

    public override Task<NodeFacts> GetFacts(GetFactsRequest request, ServerCallContext context)
    {
        var disk = new DriveInfo(home.Path);
        return Task.FromResult(new NodeFacts { Now = Timestamp.FromDateTimeOffset(time.GetUtcNow()), DiskBytes = disk.TotalSize, DiskFreeBytes = disk.AvailableFreeSpace });
    }

    public override async Task<PromiseResponse> Promise(PromiseRequest request, ServerCallContext context)
    {
        _ = Mine;
        var length = TimeSpan.FromMilliseconds(Math.Clamp(request.Milliseconds, 0, int.MaxValue));
        Or(await promising!.GiveAsync(Caller.Of(context).Actor, (request.Cluster, request.Store), request.Service, request.Epoch, length, context.Cancel));
        return new();
    }

    public override Task<CosignAuditResponse> CosignAudit(CosignAuditRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        if (caller.Node is not { } node) throw caller.Refuse(refusals, Refusals.Call, context.Method.TrimStart('/'), WitnessWords.OnlyNodes(caller.Name));
        var answer = Or(WitnessWords.Offer(request, node).Then(offer => witness.Take(offer, caller.Actor)));
        return Task.FromResult(WitnessWords.Answer(answer, witness.Name, Or(witness.Key)));
    }

    public override async Task<CheckClusterResponse> CheckCluster(CheckClusterRequest request, ServerCallContext context)
    {
        _ = Mine;
        return new() { Findings = { await check!.RunAsync(context.Cancel) } };
    }

    private ClusterParts Mine => cluster ?? throw ProblemTranslation.ToException([ClusterProblems.None]);

    private Leadership Message(ClusterImage image, PlacementDocument placement)
    {
        var view = LeadershipViews.Of(image, image.Services.Find(placement.Service)?.Value, placement, time.GetUtcNow());
        var epoch = image.Epochs.Find(placement.Service)?.Value;
        var ranked = CandidateRanking.Rank(view.Candidates);
        var fence = Fence.OfService(Fences.Of(image, placement));
        var planned = image.PlannedMoves.Find(placement.Service)?.Value;
        return new()
        {
            Service = placement.Service,
            Leader = view.Leader?.Node ?? "",
            Epoch = view.Last.Epoch,
            Since = epoch is null ? null : Timestamp.FromDateTimeOffset(epoch.At),
            Reason = Mine.Lease.Lease is null ? $"this node has no lease in the store, and who leads now may be another: {epoch?.Why ?? "nobody has led yet"}" : epoch?.Why ?? "",
            SwitchTo = view.SwitchTo ?? "",
            PlannedAt = planned is null ? null : Timestamp.FromDateTimeOffset(planned.Due),
            PlannedTo = planned?.To ?? "",
            PlannedBy = planned?.By ?? "",
            Fence = fence?.Word ?? "",
            FenceWhy = fence is null ? "" : $"{fence.Node}: {fence.Why}",
            Hold = Mine.OnStoreLoss(placement, view.Leader?.Node),
            Candidates =
            {
                ranked.Concat(view.Candidates.Except(ranked).OrderBy(c => c.Node, StringComparer.Ordinal))
                    .Select(c => new LeaderCandidate { Node = c.Node, Standby = c.Standby.ToString().ToLowerInvariant(), Excluded = c.Excluded ?? "", Fence = Fences.On(image, c.Node, placement).Word }),
                placement.Nodes.Where(node => image.Presences.Find(node) is null).Order(StringComparer.Ordinal).Select(node => new LeaderCandidate { Node = node, Standby = "away", Excluded = $"{node} is away", Fence = Fences.On(image, node, placement).Word }),
            },
        };
    }

    private static T Or<T>(Outcome<T> outcome) => outcome.TryGet(out var value) ? value : throw ProblemTranslation.ToException(outcome.Problems);

    private Progress Progress(string step, string message) => new() { At = Timestamp.FromDateTimeOffset(time.GetUtcNow()), Step = step, Message = message };

    private static OperationRequest By(string requestId, ServerCallContext context) =>
        new(requestId.Length > 0 ? requestId : Guid.NewGuid().ToString("n"), Caller.Of(context).Actor);
}
