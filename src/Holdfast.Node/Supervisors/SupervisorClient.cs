using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Control;
using Holdfast.Core.Supervision.Leases;
using Holdfast.Platform;

namespace Holdfast.Node.Supervisors;

/// <summary>Talks to one supervisor of the home, whichever process that is at the moment: it connects when needed, and again after every loss.</summary>
public sealed class SupervisorClient(SupervisorPlace place, TimeProvider time) : ISupervisor
{
    /// <summary>Of a supervisor that knows no leases: nothing that leads is given to it.</summary>
    internal const string NoDeadlinesRule = "supervisor.no-deadlines";

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>Two proofs of 20 s at most, and some time to come up.</summary>
    private static readonly TimeSpan UpgradePatience = TimeSpan.FromSeconds(60);

    private const string LostRule = "supervisor.lost";

    private readonly SemaphoreSlim connecting = new(1, 1);
    private readonly CancellationTokenSource closing = new();
    private SupervisorLink? current;
    private SupervisorLink? told;

    /// <summary>Who answered last; null before the first connection.</summary>
    public SupervisorIdentity? Identity => current?.Identity;

    /// <summary>Connects if need be, and says what stands in the way.</summary>
    public async Task<Outcome<SupervisorIdentity>> ConnectAsync(CancellationToken cancel)
    {
        var link = await LinkAsync(cancel).ConfigureAwait(false);
        return link.TryGet(out var connected) ? connected.Identity : Outcome.Failed<SupervisorIdentity>(link.Problems);
    }

    /// <summary>What acts under a lease is only given to a supervisor that keeps its deadline (law 4). Problems: <see cref="NoDeadlinesRule"/>.</summary>
    public async Task<Outcome<Done>> ApplyAsync(DesiredInstance desired, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(desired);
        if ((desired.Plan.Lease is not null || desired.Plan.StandsBy) && await LeasesAsync(cancel).ConfigureAwait(false) is { IsOk: false } asked)
            return Outcome.Failed<Done>(asked.Problems);
        return await DoAsync(id => new Request { Id = id, Verb = Verb.Apply, Desired = desired }, cancel).ConfigureAwait(false);
    }

    public Task<Outcome<Done>> RemoveAsync(string instance, CancellationToken cancel) =>
        DoAsync(id => new Request { Id = id, Verb = Verb.Remove, Instance = instance }, cancel);

    public Task<Outcome<Done>> SignalAsync(string instance, string signal, CancellationToken cancel) =>
        DoAsync(id => new Request { Id = id, Verb = Verb.Signal, Instance = instance, Signal = signal }, cancel);

    public Task<Outcome<Done>> ReloadAsync(string instance, CancellationToken cancel) =>
        DoAsync(id => new Request { Id = id, Verb = Verb.Reload, Instance = instance }, cancel);

    /// <summary>Returns when it is paused, or is not.</summary>
    public Task<Outcome<Done>> PauseAsync(string instance, CancellationToken cancel) =>
        DoAsync(id => new Request { Id = id, Verb = Verb.Pause, Instance = instance }, cancel);

    /// <summary>Returns when it goes on, or does not.</summary>
    public Task<Outcome<Done>> ContinueAsync(string instance, CancellationToken cancel) =>
        DoAsync(id => new Request { Id = id, Verb = Verb.Continue, Instance = instance }, cancel);

    public Task<Outcome<Done>> ExtendAsync(long lease, TimeSpan softAt, TimeSpan hardAt, WatchdogOrder? watchdog, CancellationToken cancel) =>
        DoAsync(id => new Request { Id = id, Verb = Verb.Extend, Lease = lease, SoftAt = softAt, HardAt = hardAt, Watchdog = watchdog }, cancel);

    public Task<Outcome<Done>> HoldBackAsync(long lease, string why, CancellationToken cancel) =>
        DoAsync(id => new Request { Id = id, Verb = Verb.HoldBack, Lease = lease, Why = why }, cancel);

    public Task<Outcome<Done>> FenceAsync(long lease, string why, CancellationToken cancel) =>
        DoAsync(id => new Request { Id = id, Verb = Verb.Fence, Lease = lease, Why = why }, cancel);

    /// <summary>Problems: <see cref="NoDeadlinesRule"/>, where it is of a version before there were leases.</summary>
    public async Task<Outcome<SupervisorLeases>> LeasesAsync(CancellationToken cancel)
    {
        var asked = await AskAsync(id => new Request { Id = id, Verb = Verb.Leases }, cancel).ConfigureAwait(false);
        if (asked.TryGet(out var response)) return new SupervisorLeases(response.Leases ?? [], response.LongestKill ?? TimeSpan.Zero) { Watchdog = response.Watchdog };
        return asked.Problems[0].Rule == "supervisor.not-understood" ? NoDeadlines : Outcome.Failed<SupervisorLeases>(asked.Problems);
    }

    public async Task<Outcome<IServiceInput>> AttachAsync(string instance, CancellationToken cancel)
    {
        var input = new SupervisorInput(LinkAsync, place, instance, time);
        var opened = await input.OpenAsync(cancel).ConfigureAwait(false);
        return opened.IsOk ? input : Outcome.Failed<IServiceInput>(opened.Problems);
    }

    /// <summary>Stops all instances and then the supervisor; returns when it has begun to.</summary>
    public Task<Outcome<Done>> ShutdownAsync(CancellationToken cancel) =>
        DoAsync(id => new Request { Id = id, Verb = Verb.Shutdown }, cancel);

    /// <summary>
    /// Lets the supervisor become another version under its instances, and returns when that serves; at once where it is that already.
    /// </summary>
    /// <param name="executable">Absolute path, without links.</param>
    /// <returns>Who serves now. Or why it was refused: then everything goes on under the version before.</returns>
    public async Task<Outcome<SupervisorIdentity>> UpgradeAsync(string executable, CancellationToken cancel)
    {
        var before = await ConnectAsync(cancel).ConfigureAwait(false);
        if (!before.IsOk) return before;
        var began = time.GetTimestamp();
        while (true)
        {
            var asked = await AskAsync(id => new Request { Id = id, Verb = Verb.Upgrade, Executable = executable }, cancel).ConfigureAwait(false);
            if (asked.IsOk) return await ConnectAsync(cancel).ConfigureAwait(false);
            if (asked.Problems[0].Rule is not (LostRule or "supervisor.away")) return Outcome.Failed<SupervisorIdentity>(asked.Problems);

            // The connection ended: it has become the other one, or has died.
            var now = await ConnectAgainAsync(began, cancel).ConfigureAwait(false);
            if (!now.TryGet(out var serves) || serves.Executable == executable) return now;
            if (serves.Nonce != before.Value.Nonce) return Died(before.Value, serves);
            if (time.GetElapsedTime(began) > UpgradePatience) return now.Problems.Count > 0 ? now : Died(before.Value, serves);
        }
    }

    public async Task<Outcome<IReadOnlyList<InstanceStatus>>> ListAsync(CancellationToken cancel)
    {
        var asked = await AskAsync(id => new Request { Id = id, Verb = Verb.List }, cancel).ConfigureAwait(false);
        if (!asked.TryGet(out var response)) return Outcome.Failed<IReadOnlyList<InstanceStatus>>(asked.Problems);
        return Outcome.Of<IReadOnlyList<InstanceStatus>>([.. (response.Instances ?? []).Select(status => status with { Supervisor = place.Service })]);
    }

    /// <summary>What the supervisor itself cannot do at the moment, in sentences (a full disk); empty when all is well.</summary>
    public async Task<Outcome<IReadOnlyList<string>>> TroublesAsync(CancellationToken cancel)
    {
        var asked = await AskAsync(id => new Request { Id = id, Verb = Verb.List }, cancel).ConfigureAwait(false);
        if (!asked.TryGet(out var response)) return Outcome.Failed<IReadOnlyList<string>>(asked.Problems);
        return Outcome.Of(response.Troubles ?? []);
    }

    public async Task<long> WaitForChangeAsync(long sequence, CancellationToken cancel)
    {
        var pause = FirstPause;
        while (true)
        {
            var linked = await LinkAsync(cancel).ConfigureAwait(false);
            if (!linked.TryGet(out var link))
            {
                await Task.Delay(pause, time, cancel).ConfigureAwait(false);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                continue;
            }

            // Over a connection that is new to the caller anything may have happened: look again.
            if (Interlocked.Exchange(ref told, link) != link || link.Sequence > sequence) return link.Sequence;
            await link.WaitBeyondAsync(sequence, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Completes when the connection ends, as it does with the supervisor; at once where there is none.</summary>
    public async Task WaitForLossAsync(CancellationToken cancel)
    {
        if (current is { } link) await link.Reading.WaitAsync(cancel).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync().ConfigureAwait(false);
        await connecting.WaitAsync().ConfigureAwait(false);
        if (current is { } link)
        {
            link.Dispose();
            await link.Reading.ConfigureAwait(false);
        }

        closing.Dispose();
    }

    private async Task<Outcome<SupervisorIdentity>> ConnectAgainAsync(long began, CancellationToken cancel)
    {
        while (true)
        {
            var connected = await ConnectAsync(cancel).ConfigureAwait(false);
            if (connected.IsOk || time.GetElapsedTime(began) > UpgradePatience) return connected;
            await Task.Delay(FirstPause, time, cancel).ConfigureAwait(false);
        }
    }

    private static Problem NoDeadlines => new(ProblemKind.Refused, NoDeadlinesRule, "the supervisor is of a version that keeps no deadline")
    {
        Why = "it would let a service act after the lease is over, and gets none that leads",
        Mend = "bring the node to this version: `holdfast upgrade`",
    };

    private static Problem Died(SupervisorIdentity before, SupervisorIdentity now) => new(
        ProblemKind.Failed, "upgrade.died", $"the supervisor (PID {before.Pid}) ended while it became the other version; PID {now.Pid} of version {now.Version} keeps its instances now")
    {
        Why = "its services ended with it and were started again",
        Mend = "see the supervisor's log, and report it",
    };

    private async Task<Outcome<Done>> DoAsync(Func<long, Request> question, CancellationToken cancel)
    {
        var asked = await AskAsync(question, cancel).ConfigureAwait(false);
        return asked.IsOk ? Outcome.Done : Outcome.Failed<Done>(asked.Problems);
    }

    private async Task<Outcome<Response>> AskAsync(Func<long, Request> question, CancellationToken cancel)
    {
        var linked = await LinkAsync(cancel).ConfigureAwait(false);
        if (!linked.TryGet(out var link)) return Outcome.Failed<Response>(linked.Problems);
        var response = await link.AskAsync(question, cancel).ConfigureAwait(false);
        if (response is null)
            return new Problem(ProblemKind.Unavailable, LostRule, "the supervisor went away before it answered") { Why = "it may or may not have done it", Mend = "ask again" };
        return response.Problems is { Count: > 0 } problems ? Outcome.Failed<Response>(problems) : response;
    }

    private async Task<Outcome<SupervisorLink>> LinkAsync(CancellationToken cancel)
    {
        if (current is { IsBroken: false } link) return link;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, closing.Token);
        await connecting.WaitAsync(either.Token).ConfigureAwait(false);
        try
        {
            if (current is { IsBroken: false } made) return made;
            var connected = await SupervisorHandshake.ConnectAsync(place, time, either.Token).ConfigureAwait(false);
            if (!connected.TryGet(out var fresh)) return connected;
            if (await fresh.AskAsync(id => new Request { Id = id, Verb = Verb.Watch }, either.Token).ConfigureAwait(false) is null)
                return new Problem(ProblemKind.Unavailable, "supervisor.away", "no supervisor answers") { Why = "it closed the connection" };
            return current = fresh;
        }
        finally
        {
            connecting.Release();
        }
    }
}
