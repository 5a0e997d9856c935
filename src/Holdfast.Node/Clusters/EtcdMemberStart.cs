using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Identity.Certificates;
using Holdfast.Node.Packages;
using Holdfast.Node.Pinning;
using Holdfast.Node.Supervisors;
using Holdfast.Platform;

namespace Holdfast.Node.Clusters;

/// <summary>Gives the supervisor this node's member of etcd to run. An agent does it at each start, before it opens the store.</summary>
public static class EtcdMemberStart
{
    /// <summary>
    /// Done again and again it changes nothing. Where the program may not be started (any more) and one runs, that one runs on, and the problem is a warning: a
    /// vote is worth more than the order of an agent's start. Problems: those of a pin, <c>etcd.version</c>, those of the supervisor.
    /// </summary>
    /// <param name="warn">Told of what somebody should know, a sentence each.</param>
    public static async Task<Outcome<Done>> EnsureAsync(
        ISupervisor supervisor, EtcdMemberFile member, Home home, Action<string> warn, TimeProvider time, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(supervisor);
        ArgumentNullException.ThrowIfNull(member);
        ArgumentNullException.ThrowIfNull(warn);
        await RenewAsync(home, warn, time, cancel);
        var planned = await PlanAsync(member, home, warn, time, cancel);
        if (planned.TryGet(out var plan)) return await supervisor.ApplyAsync(new(plan, RunState.Running, Incarnation: 1), cancel);
        var listed = await supervisor.ListAsync(cancel);
        if (!listed.IsOk || !listed.Value.Any(s => s is { Instance: EtcdMember.Instance, State: InstanceState.Running })) return Outcome.Failed<Done>(planned.Problems);
        foreach (var problem in planned.Problems) warn($"etcd runs on, but would not be started again: {problem}");
        return Outcome.Done;
    }

    /// <summary>Takes the member from the supervisor that the node does not run any more. Done also where there is none.</summary>
    public static async Task<Outcome<Done>> EnsureNoneAsync(ISupervisor supervisor, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(supervisor);
        var listed = await supervisor.ListAsync(cancel);
        if (!listed.TryGet(out var all)) return Outcome.Failed<Done>(listed.Problems);
        return all.Any(s => s.Instance == EtcdMember.Instance) ? await supervisor.RemoveAsync(EtcdMember.Instance, cancel) : Outcome.Done;
    }

    /// <summary>New certificates where a third of their time is left. Etcd takes them from the files at its next handshake.</summary>
    public static async Task RenewAsync(Home home, Action<string> warn, TimeProvider time, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(warn);
        var authority = new EtcdAuthority(home, time);
        var due = authority.Due();
        if (due.Count == 0) return;
        var renewed = authority.IsHere ? await authority.RenewAsync(cancel) : Outcome.Done;
        if (authority.IsHere && renewed.IsOk) return;
        var why = renewed.IsOk ? "the authority is on the node that began the cluster: have new ones made there with `holdfast cluster member add`, as for a new member" : string.Join("; ", renewed.Problems);
        foreach (var one in due) warn($"The certificate in {one.File} ends on {one.Until:u} and was not renewed: {why}");
    }

    private static async Task<Outcome<InstancePlan>> PlanAsync(EtcdMemberFile member, Home home, Action<string> warn, TimeProvider time, CancellationToken cancel)
    {
        var program = await EtcdProgram.CheckAsync(member.Executable, home, time, cancel);
        if (!program.TryGet(out var found)) return Outcome.Failed<InstancePlan>(program.Problems);
        foreach (var warning in found.Warnings) warn($"{member.Executable}: {warning}.");
        var plan = EtcdMember.Plan(member, home, found.Digest);
        return Folders(home, plan).Then(_ => NodeKey.Open(home)).Then(key => DurableFile.Write(plan.AdmissionRecord, AdmissionRecords.Seal(Record(plan, time.GetUtcNow()), key)))
            .Then<InstancePlan>(_ => plan);
    }

    private static Outcome<Done> Folders(Home home, InstancePlan plan) => FolderRights.Ensure(home.Etcd, FolderRights.OwnerOnly)
        .Then(_ => FolderRights.Ensure(plan.DataFolder, FolderRights.OwnerOnly))
        .Then(_ => FolderRights.Ensure(plan.OutputFolder, FolderRights.OwnerAndGroup));

    /// <summary>No file is in it: the program lies on the host, and has a record of its own.</summary>
    private static AdmissionRecord Record(InstancePlan plan, DateTimeOffset now) => new()
    {
        Digest = plan.PackageDigest,
        Service = EtcdMember.Service,
        Version = PinnedServices.Version,
        Pinned = true,
        Signers = [],
        AdmittedAt = now,
        Files = [],
        Folders = [],
    };
}
