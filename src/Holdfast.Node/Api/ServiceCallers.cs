using Holdfast.Core.Auditing;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Node.Operations;
using Holdfast.Node.Packages;
using Holdfast.Node.Pinning;
using Holdfast.Node.State;
using Holdfast.Node.Supervisors;
using Holdfast.Platform;
using Holdfast.Rpc.Server;

namespace Holdfast.Node.Api;

/// <summary>Finds out which instance calls at the services' door, at each call anew, and refuses who is none or may not, which is recorded.</summary>
internal sealed class ServiceCallers(ServiceCatalog catalog, WantedReleases wanted, ReleaseContents contents, ISupervisor supervisor, Home home, Refusals refusals, TimeProvider time)
{
    /// <summary>Anybody of this machine may ask, and as often as he likes.</summary>
    private readonly SharedLook look = new(() => supervisor.ObserveAsync(CancellationToken.None));

    /// <summary>Leaves a <see cref="ServiceCaller"/> with the call.</summary>
    public async Task IdentifyAsync(ServerCallContext context, ServiceConnection from)
    {
        if (!MethodAccess.IsForServices(context.Method))
            throw Refuse(from.Account, from.Actor, RecordProblems.Target, RecordProblems.WrongMethod(context.Method));
        if (from.Process is not { } process)
            throw Refuse(from.Account, from.Actor, RecordProblems.Target, RecordProblems.Gone);

        var seen = await look.ObserveAsync(context.Cancel);
        if (process.InstanceOf(seen.Instances) is not { } status)
        {
            if (!process.IsAlive)
                throw Refuse(from.Account, from.Actor, RecordProblems.Target, RecordProblems.Gone);
            // One that says nothing may have it. Of those that the service manager has stopped nothing runs.
            if (seen.Absent.FirstOrDefault(absence => absence is { Unit: null, IsNative: false }) is { } absent)
                throw ProblemTranslation.ToException([RecordProblems.NotKnown(absent.Problem)]);
            throw Refuse(from.Account, from.Actor, RecordProblems.Target, RecordProblems.NoService(process.Pid, from.Account));
        }

        var author = new RecordAuthor(status.Service, status.Instance, status.Release, status.PackageDigest, status.Epoch);
        var read = await AllowedAsync(status, context.Cancel);
        if (!read.TryGet(out var allowed))
            throw ProblemTranslation.ToException([RecordProblems.NotKnown(read.Problems[0])]);
        var caller = new ServiceCaller(author, allowed, from.Origin);
        if (!allowed.Append)
            throw caller.Refuse(refusals, RecordProblems.NotAllowed(status.Service));
        context.Peer = caller;
    }

    private Rpc.RpcException Refuse(string counted, Actor actor, string target, Problem problem)
    {
        refusals.Note(counted, actor, RecordProblems.Attempt, target, [problem]);
        return ProblemTranslation.ToException([problem]);
    }

    /// <summary>By the spec of the release that runs, which is another than the wanted one while that is on its way.</summary>
    private async Task<Outcome<AuditSpec>> AllowedAsync(InstanceStatus status, CancellationToken cancel)
    {
        if (status.Supervisor is { } own && File.Exists(new SupervisorPlace(home, own).Pin))
            return new PinnedServices(home, time).Find(own).Then<AuditSpec>(found => found.Spec.Audit);
        var listed = await catalog.ListAsync(cancel);
        if (!listed.TryGet(out var listing))
            return Outcome.Failed<AuditSpec>(listed.Problems);
        // What is removed may end what it does, and no more: nothing is known of what it might.
        if (listing.Entries.FirstOrDefault(entry => entry.Service.Value.Name == status.Service) is not { } service)
            return OperationProblems.NoService(status.Service);
        if (service.Service.Value.Release == status.Release)
        {
            var known = await wanted.OfAsync([service], cancel);
            return known.Then(releases => releases[status.Service]).Then(release => contents.Spec(release)).Then<AuditSpec>(spec => spec.Audit);
        }

        var former = await catalog.FindReleaseAsync(status.Service, status.Release, cancel);
        return former.Then<ServiceSpec>(release => release is null ? OperationProblems.NoService(status.Service) : contents.Spec(release.Value)).Then<AuditSpec>(spec => spec.Audit);
    }
}
