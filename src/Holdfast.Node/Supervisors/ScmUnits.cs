using System.Runtime.Versioning;
using Holdfast.Core.NativeServices;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Node.Pinning;
using Holdfast.Platform;
using Holdfast.Platform.Windows.Services;

namespace Holdfast.Node.Supervisors;

/// <summary>The SCM of this machine. Each act may be done again: an agent that ended between two of them does all of them anew.</summary>
[SupportedOSPlatform("windows")]
internal sealed class ScmUnits(Home home, string executable) : INativeUnits
{
    private readonly ServiceControlManager scm = ServiceControlManager.Local();

    public Outcome<Done> Register(InstancePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return PinnedServices.RightsOf(plan.LogOnAs, plan.Spec).Then(rights => Register(plan, rights));
    }

    public Outcome<Done> Start(string service) => scm.Status(service).Then(seen => seen.Status.State == NativeState.Stopped ? scm.Start(service) : Outcome.Done);

    public Outcome<Done> Remove(string service)
    {
        var known = scm.Read(service);
        if (!known.IsOk) return known.Problems[0].Kind == ProblemKind.NotFound ? Outcome.Done : Outcome.Failed<Done>(known.Problems);
        if (!NativeCommand.IsOurs(known.Value.Config)) return Outcome.Done;
        var deleted = scm.Delete(service);
        if (deleted.IsOk) OwnServices.LetEventSourceGo(scm, service);
        return deleted;
    }

    private Outcome<Done> Register(InstancePlan plan, ServiceRights rights)
    {
        var config = NativeServiceConfig.Of(plan.Spec, NativeCommand.Line(executable, home, plan.Service, plan.LogOnAs is not null)) with
        {
            Account = plan.LogOnAs ?? ScmAccount.LocalSystem,
            Rights = rights,
        };
        var known = scm.Read(plan.Service);
        if (!known.IsOk && known.Problems[0].Kind != ProblemKind.NotFound) return Outcome.Failed<Done>(known.Problems);
        if (known.IsOk && !NativeCommand.IsOurs(known.Value.Config)) return Taken(plan.Service);
        if (known.IsOk && !ScmAccount.Same(known.Value.Config.Account, config.Account) && scm.Status(plan.Service) is { IsOk: true, Value.Status.State: not NativeState.Stopped })
            return Runs(plan.Service, known.Value.Config.Account, config.Account);
        // What this version of Windows does not know is left out; `service status` tells what is otherwise than wanted.
        var taken = known.IsOk ? scm.Edit(config, []) : scm.Install(config, []);
        // Without it Event Viewer shows less of the words; `doctor` tells what was in its way.
        if (taken.IsOk) OwnServices.KeepEventSource();
        return taken.IsOk ? HandOver(plan) : Outcome.Failed<Done>(taken.Problems);
    }

    /// <summary>All that there is, when the account is another; the folders themselves are made for it. The account is written last: until then this is not done.</summary>
    private Outcome<Done> HandOver(InstancePlan plan)
    {
        var place = new SupervisorPlace(home, plan.Service);
        return NativeAccount.Read(place) == plan.LogOnAs ? Outcome.Done
            : PinnedServices.HandOver(home, plan.Service, plan.LogOnAs, plan.Spec).Then(_ => NativeAccount.Write(place, plan.LogOnAs));
    }

    private static Problem Runs(string service, string before, string after) => new(ProblemKind.Conflict, "native.account-in-use", $"{service} runs as {before}; to run as {after} it must be stopped first")
    {
        Why = "its files change hands with the account, and its supervisor has them open",
        Mend = $"holdfast stop {service}, then deploy again",
    };

    private static Problem Taken(string service) => new(ProblemKind.Conflict, "service.name-taken", $"Windows has a service {service} already, which is not ours")
    {
        Mend = "name the service otherwise, or stop and remove that one first (sc.exe delete)",
    };
}
