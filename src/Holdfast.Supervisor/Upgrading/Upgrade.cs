using System.Globalization;
using System.Runtime.InteropServices;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Control;
using Holdfast.Core.Supervision.Handovers;
using Holdfast.Core.Supervision.Leases;
using Holdfast.Platform;
using Holdfast.Supervisor.Loop;

namespace Holdfast.Supervisor.Upgrading;

/// <summary>
/// Replaces this image by another one under the running instances, on the loop's thread. First the new image proves over a copy of the state,
/// while everything goes on, that it understands it. Then nothing moves any more, it proves the same over what is really handed over, and this process
/// becomes it. Until then any failure lets everything go on as it was.
/// </summary>
internal sealed class Upgrade(World world, SupervisorLoop loop, SupervisorIdentity identity, UpgradeHandles handles) : IDisposable
{
    private readonly SafeHandle[] own = [handles.Lock, handles.Listener];
    private Proof? proof;
    private string executable = "";
    private Action<Problem?> answer = _ => { };

    /// <summary>Asks for it. <paramref name="reply"/> is called with what stands in the way, or with null where this image is the wanted one.</summary>
    public void Begin(string wanted, Action<Problem?> reply)
    {
        if (loop.Ending)
        {
            reply(new Problem(ProblemKind.Unavailable, "supervisor.ending", "the supervisor is ending"));
            return;
        }

        if (proof is not null)
        {
            reply(new Problem(ProblemKind.Conflict, "upgrade.under-way", $"the supervisor is being replaced by {executable} just now") { Mend = "wait for it" });
            return;
        }

        if (wanted == identity.Executable || NextImage.Refusal is not null)
        {
            reply(wanted == identity.Executable ? null : NextImage.Refusal);
            return;
        }

        (executable, answer) = (wanted, reply);
        if (Guarded(Ask) is { } problem) Refuse(problem);
    }

    /// <summary>The new image has said something. What else has happened in this turn of the loop is taken first: it would be lost with this image.</summary>
    public void TakeProof()
    {
        if (proof is { } asked && asked.Read()) world.Inbox.Post(() => GiveUp(asked));
    }

    public void Dispose() => EndProof();

    /// <summary>Starts the first proof; or what stands in the way.</summary>
    private Problem? Ask()
    {
        if (!Path.IsPathFullyQualified(executable)) return new Problem(ProblemKind.BadInput, "upgrade.path", $"{executable} is not an absolute path");
        if (ProductFolder.Check(executable) is { } unfit) return unfit;
        var handover = State();
        var started = Proof.Start(executable, HandoverDocument.Write(handover), handover.Instances.Count);
        if (!started.TryGet(out proof)) return started.Problems[0];
        world.Log.Say($"{executable} is asked whether it can take over (PID {identity.Pid} runs {identity.Version})");
        world.Host.Watch(proof.Handle, SupervisorLoop.ProofToken);
        var asked = proof;
        _ = Task.Delay(Proof.Within, world.Clock).ContinueWith(_ => world.Inbox.Post(() => GiveUp(asked)), TaskScheduler.Default);
        return null;
    }

    private void GiveUp(Proof asked)
    {
        if (proof == asked) Conclude();
    }

    private void Conclude()
    {
        var judged = proof!.Judge();
        EndProof();
        if (judged.TryGet(out var version)) TryHandOver(version);
        else Refuse(judged.Problems[0]);
    }

    private void EndProof()
    {
        if (proof is null) return;
        world.Host.Unwatch(proof.Handle);
        proof.Dispose();
        proof = null;
    }

    private void TryHandOver(string version)
    {
        var began = world.Uptime;
        // Orders that were taken are carried out first; from here on none is taken.
        world.Store.Freeze();
        while (world.Inbox.Empty())
        {
        }

        var problem = loop.Ending ? new Problem(ProblemKind.Unavailable, "supervisor.ending", "the supervisor is ending") : world.Output.Freeze();
        if (problem is null)
        {
            problem = Guarded(() => HandOver(version, began));
            world.Output.Thaw();
        }

        world.Store.Thaw();
        Refuse(problem);
    }

    /// <summary>Out of descriptors or memory, or a bug of ours: that is a refusal, and not the end of what every service hangs on.</summary>
    private static Problem? Guarded(Func<Problem?> attempt)
    {
        try
        {
            return attempt();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SystemException)
        {
            return new Problem(ProblemKind.Failed, "upgrade.failed", "it could not be tried") { Why = failure.Message };
        }
    }

    /// <summary>Returns only where it has failed.</summary>
    private Problem HandOver(string version, TimeSpan began)
    {
        if (world.Journal.Drain() is { } unwritten)
            return new Problem(ProblemKind.Unavailable, "upgrade.journal", "the journal cannot be written at the moment, and would not be whole") { Why = unwritten.What, Mend = unwritten.Mend };
        var handover = State();
        var document = HandoverDocument.Write(handover);
        var started = Proof.Start(executable, document, handover.Instances.Count);
        if (!started.TryGet(out var last)) return started.Problems[0];
        using (last)
        {
            last.ReadToEnd();
            var judged = last.Judge();
            if (!judged.IsOk) return judged.Problems[0];
        }

        using var passed = PassedDocument.Create(document);
        world.Log.Say(string.Create(CultureInfo.InvariantCulture, $"version {identity.Version} hands {handover.Instances.Count} instances over to {version} (paused for {(world.Uptime - began).TotalMilliseconds:0} ms so far)"));
        return NextImage.Become(executable, Arguments((int)passed.Handle.DangerousGetHandle()), OwnVariables.All(), [.. own, passed.Handle, .. world.Output.Pipes, .. loop.Handles, .. world.Deadlines.Handle is { } watchdog ? [watchdog] : (SafeHandle[])[]]);
    }

    private List<string> Arguments(int document)
    {
        List<string> arguments = ["run", .. world.Place.Arguments, "--take-over", document.ToString(CultureInfo.InvariantCulture)];
        if (handles.Guard() is { } guard) arguments.AddRange(["--guard", guard]);
        return arguments;
    }

    private SupervisorHandover State() => State(world.Deadlines.HandOver());

    private SupervisorHandover State(WatchdogHandover? watchdog) => new()
    {
        Leases = world.Leases.Leases,
        Watchdog = watchdog,
        Format = watchdog is not null ? SupervisorHandover.WithWatchdog : world.Leases.Leases.Count > 0 || loop.IsLed ? SupervisorHandover.WithLeases : SupervisorHandover.Oldest,
        Version = identity.Version,
        BootId = identity.BootId,
        Nonce = identity.Nonce,
        Containment = world.Host.Capabilities.Containment.ToString(),
        Lock = (int)handles.Lock.DangerousGetHandle(),
        Listener = (int)handles.Listener.DangerousGetHandle(),
        LastTicket = loop.LastTicket,
        Instances = loop.HandOver(),
    };

    private void Refuse(Problem? problem)
    {
        if (problem is not null) world.Log.Say([problem]);
        var reply = answer;
        answer = _ => { };
        reply(problem);
    }
}

/// <param name="Guard">The guard's name on a command line (<see cref="Guarding.ProcessName"/>); null: there is none.</param>
internal sealed record UpgradeHandles(SafeHandle Lock, SafeHandle Listener, Func<string?> Guard);
