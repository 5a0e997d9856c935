using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Leases;
using Holdfast.Platform;

namespace Holdfast.Node.Supervisors;

/// <summary>
/// All supervisors of a home as one: the shared one, which somebody else starts, and those of services that have one of their own, which
/// start when they are needed. An instance is only ever given to one of them; which that is, is the caller's to see to.
/// </summary>
internal sealed class SupervisorGroup : ISupervisor
{
    /// <summary>Less than a renewal of the usual lease (5 s) takes its time.</summary>
    private static readonly TimeSpan LeaseWordWithin = TimeSpan.FromMilliseconds(500);

    private readonly Home home;
    private readonly string? executable;
    private readonly INativeUnits? units;
    private readonly TimeProvider time;
    private readonly SupervisorWatch shared;
    private readonly Dictionary<string, DedicatedSupervisor> own = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private TaskCompletionSource news = Signal();
    private long version;

    /// <param name="executable">The supervisor's, absolute; null: the service manager starts supervisors here.</param>
    /// <param name="units">Windows' services; null: there are none.</param>
    public SupervisorGroup(Home home, string? executable, INativeUnits? units, TimeProvider time)
    {
        (this.home, this.executable, this.units, this.time) = (home, executable, units, time);
        shared = new(new SupervisorPlace(home), time, Changed);
    }

    /// <summary>Of all supervisors that there are: the shared one first, then those of services that run.</summary>
    public IReadOnlyList<(string? Service, SupervisorClient Client)> Clients =>
        [(null, shared.Client), .. Members().Where(one => one.Client.Identity is not null && !one.IsStopped).OrderBy(one => one.Service, StringComparer.Ordinal).Select(one => ((string?)one.Service, one.Client))];

    public async Task<Outcome<Done>> ApplyAsync(DesiredInstance desired, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(desired);
        if (desired.Plan.Spec.Supervisor == SupervisorKind.Shared) return await shared.Client.ApplyAsync(desired, cancel).ConfigureAwait(false);
        var supervisor = Of(desired.Plan.Service);
        var there = await supervisor.EnsureAsync(desired, cancel).ConfigureAwait(false);
        return there.IsOk ? await supervisor.Client.ApplyAsync(desired, cancel).ConfigureAwait(false) : there;
    }

    public Task<Outcome<Done>> RemoveAsync(string instance, CancellationToken cancel) => ToHolderAsync(instance, client => client.RemoveAsync(instance, cancel), cancel);

    public Task<Outcome<Done>> SignalAsync(string instance, string signal, CancellationToken cancel) => ToHolderAsync(instance, client => client.SignalAsync(instance, signal, cancel), cancel);

    public Task<Outcome<Done>> ReloadAsync(string instance, CancellationToken cancel) => ToHolderAsync(instance, client => client.ReloadAsync(instance, cancel), cancel);

    public Task<Outcome<IServiceInput>> AttachAsync(string instance, CancellationToken cancel) => ToHolderAsync(instance, client => client.AttachAsync(instance, cancel), cancel);

    public Task<Outcome<Done>> ExtendAsync(long lease, TimeSpan softAt, TimeSpan hardAt, WatchdogOrder? watchdog, CancellationToken cancel) =>
        ToAllAsync((client, one) => client.ExtendAsync(lease, softAt, hardAt, watchdog, one), cancel);

    public Task<Outcome<Done>> HoldBackAsync(long lease, string why, CancellationToken cancel) => ToAllAsync((client, one) => client.HoldBackAsync(lease, why, one), cancel);

    public Task<Outcome<Done>> FenceAsync(long lease, string why, CancellationToken cancel) => ToAllAsync((client, one) => client.FenceAsync(lease, why, one), cancel);

    /// <summary>The shared one's, which is told all that the others are.</summary>
    public async Task<Outcome<SupervisorLeases>> LeasesAsync(CancellationToken cancel)
    {
        var asked = await Task.WhenAll(Used().Select(client => InTimeAsync(client.LeasesAsync, cancel))).ConfigureAwait(false);
        if (!asked[0].TryGet(out var known)) return asked[0];
        return known with { LongestKill = asked.Where(one => one.IsOk).Max(one => one.Value.LongestKill) };
    }

    public async Task<Outcome<IReadOnlyList<InstanceStatus>>> ListAsync(CancellationToken cancel)
    {
        var seen = await ObserveAsync(cancel).ConfigureAwait(false);
        return seen.Absent.FirstOrDefault(absence => absence.Service is null) is { } away ? Outcome.Failed<IReadOnlyList<InstanceStatus>>([away.Problem]) : Outcome.Of(seen.Instances);
    }

    public async Task<Observation> ObserveAsync(CancellationToken cancel)
    {
        var used = SupervisorPlace.AllOf(home).Where(place => !place.IsShared && place.IsUsed).Select(place => Of(place.Service!)).ToList();
        var listing = shared.Client.ListAsync(cancel);
        var others = await Task.WhenAll(used.Select(one => one.ObserveAsync(cancel))).ConfigureAwait(false);
        var listed = await listing.ConfigureAwait(false);
        var absent = others.Select(one => one.Absence).OfType<SupervisorAbsence>().ToList();
        if (!listed.TryGet(out var statuses)) absent.Add(new(null, listed.Problems[0]));
        return new([.. statuses ?? [], .. others.SelectMany(one => one.Instances)], absent);
    }

    public async Task<bool> ReleaseAsync(IReadOnlySet<string> needed, IReadOnlySet<string> known, CancellationToken cancel)
    {
        var all = true;
        foreach (var supervisor in Members())
        {
            var service = supervisor.Service;
            // What is pinned is the service manager's, and its commands'.
            if (File.Exists(new SupervisorPlace(home, service).Pin)) continue;
            var exported = units is null && known.Contains(service) && UnitMark.Read(new(home, service)) is not null;
            if (needed.Contains(service) || exported || (supervisor.HasOrders && !supervisor.IsLeft(known))) continue;
            if (!await supervisor.EndAsync(cancel).ConfigureAwait(false))
            {
                all = false;
                continue;
            }

            lock (gate) own.Remove(service);
            await supervisor.DisposeAsync().ConfigureAwait(false);
        }

        return all;
    }

    public async Task<long> WaitForChangeAsync(long sequence, CancellationToken cancel)
    {
        while (true)
        {
            Task next;
            lock (gate)
            {
                if (version > sequence) return version;
                next = news.Task;
            }

            await next.WaitAsync(cancel).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await shared.DisposeAsync().ConfigureAwait(false);
        foreach (var supervisor in Members()) await supervisor.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The shared one, and those that keep something; one that is away holds up no other.</summary>
    private IEnumerable<SupervisorClient> Used() =>
        [shared.Client, .. SupervisorPlace.AllOf(home).Where(place => !place.IsShared && place.IsUsed).Select(place => Of(place.Service!).Client)];

    private async Task<Outcome<Done>> ToAllAsync(Func<SupervisorClient, CancellationToken, Task<Outcome<Done>>> tell, CancellationToken cancel)
    {
        var told = await Task.WhenAll(Used().Select(client => InTimeAsync(one => tell(client, one), cancel))).ConfigureAwait(false);
        List<Problem> problems = [.. told.SelectMany(one => one.Problems)];
        return problems.Count > 0 ? problems : Outcome.Done;
    }

    /// <summary>Of a lease one that hangs must not keep word from the others: it is not waited for longer, and keeps its deadline by itself.</summary>
    private async Task<Outcome<T>> InTimeAsync<T>(Func<CancellationToken, Task<Outcome<T>>> ask, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(LeaseWordWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            return await ask(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new Problem(ProblemKind.Unavailable, "supervisor.slow", $"a supervisor did not answer within {LeaseWordWithin.TotalMilliseconds:0} ms");
        }
    }

    private DedicatedSupervisor Of(string service)
    {
        lock (gate)
            return own.TryGetValue(service, out var known) ? known : own[service] = new(new(home, service), executable, units, time, Changed);
    }

    private List<DedicatedSupervisor> Members()
    {
        lock (gate) return [.. own.Values];
    }

    /// <summary>To who has it; to have it nowhere is not an error that a supervisor would not tell itself.</summary>
    private async Task<Outcome<T>> ToHolderAsync<T>(string instance, Func<SupervisorClient, Task<Outcome<T>>> ask, CancellationToken cancel)
    {
        var seen = await ObserveAsync(cancel).ConfigureAwait(false);
        var holders = seen.Instances.Where(status => status.Instance == instance).Select(status => status.Supervisor).ToList();
        if (holders.Count == 0 && seen.Absent.FirstOrDefault(absence => absence.Service is { } service && instance.StartsWith(service + "-", StringComparison.Ordinal)) is { } away)
            return away.Problem;
        return await ask(holders is [{ } service, ..] ? Of(service).Client : shared.Client).ConfigureAwait(false);
    }

    private void Changed()
    {
        lock (gate)
        {
            version++;
            news.TrySetResult();
            news = Signal();
        }
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
