using System.Collections.Concurrent;
using System.Net.Sockets;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Shipping;
using Holdfast.Core.Supervision;
using Holdfast.Node.Packages;
using Holdfast.Node.Supervisors;
using Holdfast.Platform;
using Holdfast.Platform.Diagnostics;
using Holdfast.Telemetry.Sources.EventPipe;
using Microsoft.Extensions.Logging;

namespace Holdfast.Node.Sources;

/// <summary>
/// Keeps a session with the runtime of each .NET service on this node whose spec names EventSources, as long as its process runs. What happens while the agent is away is not seen: a session
/// lives in the process and ends with its reader.
/// </summary>
internal sealed class EventPipeKeeper(Home home, PackageStore packages, ISupervisor supervisor, TimeProvider time, ILogger<EventPipeKeeper> log) : IDisposable
{
    /// <summary>A process that is suspended takes a connection, and answers nothing.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2), Patience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, FollowedService> wanted = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Running> running = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim turn = new(1);
    private readonly ConcurrentDictionary<string, Problem> troubles = new(StringComparer.Ordinal);

    /// <summary>Whose events are not read, and why; from any thread.</summary>
    public IReadOnlyList<Problem> Problems => [.. troubles.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => one.Value)];

    public static string FolderOf(Home home, string instance) => Path.Combine(home.Output, instance + EventStream.EventsEnding);

    /// <summary>The service is on this node, with this spec. From any thread.</summary>
    public void Want(FollowedService service)
    {
        ArgumentNullException.ThrowIfNull(service);
        if (service.Spec.Output.EventPipe.Count == 0) wanted.TryRemove(service.Instance, out _);
        else if (!wanted.TryGetValue(service.Instance, out var known) || !ReferenceEquals(known.Spec, service.Spec) || known.PackageDigest != service.PackageDigest) wanted[service.Instance] = service;
    }

    /// <summary>No others are on this node any more.</summary>
    public void KeepOnly(IReadOnlySet<string> instances)
    {
        foreach (var gone in wanted.Keys.Where(instance => !instances.Contains(instance)).ToList()) wanted.TryRemove(gone, out _);
    }

    /// <summary>Returns when nothing of the instance is written any more: its folders are about to be removed.</summary>
    public void End(string instance)
    {
        wanted.TryRemove(instance, out _);
        turn.Wait();
        try
        {
            if (running.Remove(instance, out var one)) one.End();
            troubles.TryRemove(instance, out _);
        }
        finally
        {
            turn.Release();
        }
    }

    public async Task RunAsync(CancellationToken cancel)
    {
        try
        {
            while (!cancel.IsCancellationRequested)
            {
                try
                {
                    await TakeTurnAsync(cancel);
                }
                catch (Exception bug) when (!cancel.IsCancellationRequested)
                {
                    // It ends neither the agent nor the sessions that there are.
                    Log.EventsFailed(log, bug);
                }

                await Task.Delay(LookEvery, time, cancel);
            }
        }
        finally
        {
            foreach (var instance in running.Keys.ToList()) End(instance);
        }
    }

    public void Dispose() => turn.Dispose();

    private async Task TakeTurnAsync(CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            if (!wanted.IsEmpty || running.Count > 0) await LookAsync(cancel);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task LookAsync(CancellationToken cancel)
    {
        var seen = (await supervisor.ObserveAsync(cancel)).Instances.DistinctBy(status => status.Instance).ToDictionary(status => status.Instance, StringComparer.Ordinal);
        foreach (var (instance, one) in running.ToList())
        {
            var isRight = wanted.TryGetValue(instance, out var service) && ReferenceEquals(service, one.Service) && seen.TryGetValue(instance, out var status) && status.Pid == one.Pid;
            if (isRight && !one.Reading.IsCompleted) continue;
            running.Remove(instance);
            one.End();
            if (one.Failure is { } failure) Log.NoEvents(log, instance, one.Pid, failure);
        }

        var begun = wanted.Values.Where(service => !running.ContainsKey(service.Instance)).Select(async service =>
        {
            if (seen.TryGetValue(service.Instance, out var status) && status is { State: InstanceState.Running, Pid: { } pid }) return await BeginOrTellAsync(service, pid, cancel);
            troubles.TryRemove(service.Instance, out _);
            return null;
        });
        foreach (var one in await Task.WhenAll(begun))
        {
            if (one is not null) running[one.Service.Instance] = one;
        }
    }

    /// <summary>A bug in one must not take along the sessions that begin with it.</summary>
    private async Task<Running?> BeginOrTellAsync(FollowedService service, int pid, CancellationToken cancel)
    {
        try
        {
            return await BeginAsync(service, pid, cancel);
        }
        catch (Exception bug) when (!cancel.IsCancellationRequested)
        {
            Log.EventsFailed(log, bug);
            return null;
        }
    }

    /// <returns>Null: there is no session, and <see cref="Problems"/> says why.</returns>
    private async Task<Running?> BeginAsync(FollowedService service, int pid, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        EventPipeSession session;
        try
        {
            session = await EventPipeSession.BeginAsync(connecting => DiagnosticsPort.ConnectAsync(pid, connecting), [.. service.Spec.Output.EventPipe.Select(Provider)], either.Token);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested && e is IOException or SocketException or InvalidDataException or UnauthorizedAccessException or OperationCanceledException)
        {
            var why = e is OperationCanceledException ? $"it has not answered for {Patience.TotalSeconds:0} s" : e.Message;
            troubles[service.Instance] = new(ProblemKind.Failed, "event-pipe.no-session", $"{service.Instance}: events of its runtime are not read: {why}");
            return null;
        }

        var settings = service.Prepare(FolderOf(home, service.Instance)).Then(_ => service.Settings(packages, []));
        var store = settings.Then(set => EventPipeStore.Open(FolderOf(home, service.Instance), set.Rules, set.Policy, time));
        if (!store.TryGet(out var opened))
        {
            session.Dispose();
            troubles[service.Instance] = store.Problems[0] with { What = $"{service.Instance}: {store.Problems[0].What}" };
            return null;
        }

        troubles.TryRemove(service.Instance, out _);
        Log.Listens(log, service.Instance, pid);
        return new(service, pid, session, opened);
    }

    private static EventPipeProvider Provider(EventPipeSpec spec) => new(spec.Provider, (int)spec.Level, spec.Mask ?? -1);

    /// <summary>A session that is read by a thread of its own.</summary>
    private sealed class Running
    {
        private static readonly TimeSpan patience = TimeSpan.FromSeconds(5);

        private readonly EventPipeSession session;

        public Running(FollowedService service, int pid, EventPipeSession session, EventPipeStore store)
        {
            (Service, Pid, this.session) = (service, pid, session);
            Reading = Task.Factory.StartNew(
                () =>
                {
                    try
                    {
                        using (store) session.Read(store.Add, store.Lose, store.Flush);
                    }
                    catch (Exception e)
                    {
                        // What comes is the service's, who may send anything: what cannot be understood ends its session, and nothing else.
                        Failure = e.Message;
                    }
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        public FollowedService Service { get; }

        public int Pid { get; }

        public Task Reading { get; }

        /// <summary>Why what came could not be read to its end; null: it could, or goes on.</summary>
        public string? Failure { get; private set; }

        /// <summary>Ends it in the process too, unless that has gone; what has come by now is written.</summary>
        public void End()
        {
            using var limit = new CancellationTokenSource(patience, TimeProvider.System);
            try
            {
                if (!Reading.IsCompleted) session.EndAsync(limit.Token).GetAwaiter().GetResult();
                Reading.Wait(limit.Token);
            }
            catch (OperationCanceledException)
            {
                // It does not answer: the connection ends here, and with it the session.
            }

            session.Dispose();
        }
    }
}
