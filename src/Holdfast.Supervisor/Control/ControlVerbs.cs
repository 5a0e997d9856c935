using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Control;
using Holdfast.Supervisor.Loop;
using Holdfast.Supervisor.State;
using Holdfast.Supervisor.Upgrading;

namespace Holdfast.Supervisor.Control;

/// <summary>What each verb does. Orders are put on disk here, on the session's thread: a slow disk delays who asks, not the loop.</summary>
internal sealed class ControlVerbs(SupervisorLoop loop, World world, Upgrade upgrade)
{
    public Task DoAsync(Request request, Action<Response> answer)
    {
        void Reply(params Problem[] problems)
        {
            world.Journal.WriteOut();
            answer(new Response { Id = request.Id, Problems = problems, Sequence = world.Journal.Last });
        }

        if (request.Verb is Verb.Apply or Verb.Remove && loop.Ending)
        {
            Reply(new Problem(ProblemKind.Unavailable, "supervisor.ending", "the supervisor is ending"));
            return Task.CompletedTask;
        }

        switch (request)
        {
            case { Verb: Verb.Apply, Desired: { } desired }:
                Apply(desired, Reply);
                break;
            case { Verb: Verb.Remove, Instance: { } instance }:
                Remove(instance, Reply);
                break;
            case { Verb: Verb.Signal, Instance: { } instance, Signal: { } signal }:
                world.Inbox.Post(() => loop.Ask(instance, ticket => new Input.SignalAsked(ticket, signal), Answer(Reply)));
                break;
            case { Verb: Verb.Reload, Instance: { } instance }:
                world.Inbox.Post(() => loop.Ask(instance, ticket => new Input.ReloadAsked(ticket), Answer(Reply)));
                break;
            case { Verb: Verb.Pause, Instance: { } instance }:
                world.Inbox.Post(() => loop.Ask(instance, ticket => new Input.PauseAsked(ticket), Answer(Reply)));
                break;
            case { Verb: Verb.Continue, Instance: { } instance }:
                world.Inbox.Post(() => loop.Ask(instance, ticket => new Input.ContinueAsked(ticket), Answer(Reply)));
                break;
            case { Verb: Verb.Extend, Lease: { } lease, SoftAt: { } softAt, HardAt: { } hardAt }:
                world.Inbox.Post(() => Answer(Reply)(loop.Extend(lease, softAt, hardAt, request.Watchdog)));
                break;
            case { Verb: Verb.HoldBack, Lease: { } lease }:
                world.Inbox.Post(() =>
                {
                    loop.HoldBack(lease, request.Why ?? "the agent said so");
                    Reply();
                });
                break;
            case { Verb: Verb.Fence, Lease: { } lease }:
                world.Inbox.Post(() =>
                {
                    loop.Fence(lease, request.Why ?? "the agent said so");
                    Reply();
                });
                break;
            case { Verb: Verb.Leases }:
                world.Inbox.Post(() => answer(new Response { Id = request.Id, Leases = world.Leases.Leases, LongestKill = world.LongestKill, Watchdog = world.Deadlines.Watchdog }));
                break;
            case { Verb: Verb.Attach, Instance: { } instance, Channel: > 0 }:
                world.Inbox.Post(() => Answer(Reply)(loop.WhyNoInput(instance)));
                break;
            case { Verb: Verb.List }:
                world.Inbox.Post(() =>
                {
                    // To write down a thousand statuses takes as long as a dozen restarts: not on the loop's thread.
                    var list = List(request.Id);
                    _ = Task.Run(() => answer(list));
                });
                break;
            case { Verb: Verb.Watch }:
                Reply();
                break;
            case { Verb: Verb.Upgrade, Executable: { } executable }:
                world.Inbox.Post(() => upgrade.Begin(executable, Answer(Reply)));
                break;
            case { Verb: Verb.Shutdown }:
                world.Inbox.Post(() =>
                {
                    loop.End();
                    Reply();
                });
                break;
            default:
                Reply(new Problem(ProblemKind.BadInput, "supervisor.not-understood", $"the supervisor does not understand {request.Verb} (or what it needs is missing)"));
                break;
        }

        return Task.CompletedTask;
    }

    /// <summary>Bytes for an instance's standard input. The frame is answered on the loop's thread.</summary>
    public void Put(string instance, InputFrame frame) => world.Inbox.Post(() => loop.TakeInput(instance, frame));

    /// <summary>Takes back what the sender's frame still holds.</summary>
    public void Withdraw(string instance, object sender) => world.Inbox.Post(() => loop.WithdrawInput(instance, sender));

    private void Apply(DesiredInstance desired, Action<Problem[]> reply)
    {
        var name = desired.Plan.Instance;
        if (!InstanceNames.IsValid(name))
        {
            reply([new Problem(ProblemKind.BadInput, "supervisor.instance-name", $"'{name}' cannot be an instance's name")]);
            return;
        }

        var kept = world.Store.Keep(
            name,
            before => before is { Leaving: false } same && DesiredInstances.Same(same.Desired, desired) ? same : new InstanceOrder(desired),
            order => world.Inbox.Post(() => loop.Take(order)));
        reply([.. kept.Problems]);
    }

    private void Remove(string instance, Action<Problem[]> reply)
    {
        var kept = world.Store.Keep(
            instance,
            before => before switch
            {
                null => NotThere(instance),
                { Leaving: true } => before,
                _ => before with { Leaving = true },
            },
            order => world.Inbox.Post(() => loop.Take(order)));

        // To remove what is not there is to have removed it.
        reply([.. kept.Problems.Where(p => p.Kind != ProblemKind.NotFound)]);
    }

    private Response List(long id)
    {
        world.Journal.WriteOut();
        var troubles = new List<string>();
        if (world.Journal.Trouble is { } journal) troubles.Add($"the journal: {journal}");
        if (world.Store.Trouble is { } store) troubles.Add($"the supervisor's state: {store}");
        return new Response { Id = id, Instances = [.. loop.Statuses], Sequence = world.Journal.Last, Troubles = troubles };
    }

    private static Action<Problem?> Answer(Action<Problem[]> reply) => problem => reply(problem is null ? [] : [problem]);

    private static Outcome<InstanceOrder> NotThere(string instance) => new Problem(ProblemKind.NotFound, "supervision.no-instance", $"there is no instance {instance}");
}
