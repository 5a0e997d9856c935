using System.Reflection;
using Holdfast.Core.Problems;
using Holdfast.Node.Sources;
using Holdfast.Node.Upgrading;
using Holdfast.Platform;
using Microsoft.Extensions.Logging;

namespace Holdfast.Node.Hosting;

/// <summary>The node's daemon. It may end at any time: what it was doing is in the store, and what it supervises runs on.</summary>
public static class Agent
{
    /// <summary>The record is written under the same lock where no agent runs (<see cref="RecordKeeping"/>).</summary>
    private static readonly TimeSpan LockWithin = TimeSpan.FromSeconds(1);

    public static string Version { get; } =
        typeof(Agent).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    /// <summary>Runs until it is cancelled, or another build is to take its place. Problems are why it could not start.</summary>
    public static async Task<Outcome<AgentEnd>> RunAsync(AgentOptions options, ILoggerFactory loggers, TimeProvider time, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        var folders = HomeFolders.Ensure(options.Home);
        if (!folders.IsOk)
            return Outcome.Failed<AgentEnd>(folders.Problems);
        var locked = await FileLock.TakeAsync(options.Home.AgentLock, LockWithin, time, cancel);
        if (!locked.TryGet(out var held))
            return Outcome.Failed<AgentEnd>([.. locked.Problems.Select(problem => problem.Kind == ProblemKind.Conflict ? AgentProblems.AlreadyRunning(options.Home, problem) : problem)]);
        using (held)
        {
            AgentExamination.Sweep(options.Home);
            // Until its parts have ended: what they say at their end is kept too.
            using var said = AgentLogProvider.Open(options.Home, time);
            loggers.AddProvider(new AgentLogProvider(said, time));
            var opened = await AgentParts.OpenAsync(options, loggers, time, cancel);
            if (!opened.TryGet(out var parts))
                return Outcome.Failed<AgentEnd>(opened.Problems);
            parts.Said = said;
            await using (parts)
                return await ServeAsync(parts, options, loggers, cancel);
        }
    }

    private static async Task<Outcome<AgentEnd>> ServeAsync(AgentParts parts, AgentOptions options, ILoggerFactory loggers, CancellationToken cancel)
    {
        var log = loggers.CreateLogger(typeof(Agent));
        NodeCertificates? certificates = null;
        if (options.Listen is not null && NodeCertificates.Open(options.Home, parts.Time, log) is var found && !found.TryGet(out certificates))
            return Outcome.Failed<AgentEnd>(found.Problems);
        var socket = ApiListener.Open(options.Home);
        if (!socket.TryGet(out var api))
            return Outcome.Failed<AgentEnd>(socket.Problems);
        using var server = parts.Server(certificates is null ? _ => "this node takes none" : certificates.Refuse, log);
        var started = await AgentWeb.StartAsync(api, options, certificates, server, parts.Refusals, parts.Metrics, loggers, cancel);
        if (!started.TryGet(out var web))
        {
            api.Dispose();
            return Outcome.Failed<AgentEnd>(started.Problems);
        }

        await using (web)
        {
            parts.Identity.Metrics = web.MetricsAddress;
            parts.Identity.Listens = web.TlsAddress;
            AgentLog.Started(log, Version, options.Home.Path, web.MetricsAddress.Length > 0 ? web.MetricsAddress : "off");
            if (web.TlsAddress.Length > 0) AgentLog.Listening(log, web.TlsAddress);
            ServiceManager.Ready();
            options.Ready();
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, parts.Succession.Wanted);
            await new AgentLoops(parts, options, server, certificates, log).RunAsync(either.Token);
            if (parts.Succession.Next is { } next && !cancel.IsCancellationRequested)
            {
                AgentLog.HandingOver(log, next);
                return new AgentEnd(next);
            }

            ServiceManager.Stopping();
            AgentLog.Stopping(log);
        }

        return new AgentEnd(null);
    }
}

/// <summary>How an agent has ended in order.</summary>
/// <param name="Next">The executable that its process is to become; null: it was told to end.</param>
public sealed record AgentEnd(string? Next);
