using Holdfast.Platform;
using Holdfast.Supervisor.Loop;

namespace Holdfast.Supervisor.Guarding;

/// <summary>
/// The supervisor's look at its guard: when that dies it starts another one, which finds it by PID and creation time. Not where a
/// service manager is the guard. For the loop's thread.
/// </summary>
internal sealed class GuardWatch(World world) : IDisposable
{
    /// <summary>A guard that does not stay is not started without end.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private HeldProcess? guard;
    private TimeSpan startedAt = -Pause;
    private bool ended;

    /// <summary>
    /// The guard as one word (<see cref="ProcessName"/>), or the last one where the next is just being started; null: there is to be none. Whoever is
    /// given the name of a dead one starts another.
    /// </summary>
    public string? Name { get; private set; }

    /// <param name="of">The guard.</param>
    /// <param name="replace">We are its successor's contemporaries: it is to become our version too.</param>
    public void Begin((int Pid, long CreationTime) of, bool replace)
    {
        Name = ProcessName.Of(of.Pid, of.CreationTime);
        guard = HeldProcess.Take(of.Pid, of.CreationTime);
        if (guard is null)
        {
            Replace();
            return;
        }

        world.Host.Watch(guard.Handle, SupervisorLoop.GuardToken);
        if (!replace) return;
        var told = GuardImage.Tell(world.Place, guard);
        if (!told.IsOk) world.Log.Say(told.Problems);
    }

    /// <summary>The guard has ended.</summary>
    public void TakeEnd()
    {
        if (guard is null) return;
        world.Host.Unwatch(guard.Handle);
        guard.Dispose();
        guard = null;
        Replace();
    }

    /// <summary>The supervisor is ending: no other guard.</summary>
    public void Dispose()
    {
        ended = true;
        if (guard is null) return;
        world.Host.Unwatch(guard.Handle);
        guard.Dispose();
        guard = null;
    }

    private void Replace()
    {
        if (ended) return;
        var wait = startedAt + Pause - world.Uptime;
        if (wait > TimeSpan.Zero)
        {
            _ = Task.Delay(wait, world.Clock).ContinueWith(_ => world.Inbox.Post(Replace), TaskScheduler.Default);
            return;
        }

        startedAt = world.Uptime;
        var own = ProcessFacts.Read(Environment.ProcessId)?.CreationTime ?? 0;
        var started = DetachedProcess.Start(
            Environment.ProcessPath!,
            ["guard", .. world.Place.Arguments, "--of", ProcessName.Of(Environment.ProcessId, own)],
            OwnVariables.All(),
            world.Place.Log);
        if (!started.TryGet(out var process))
        {
            world.Log.Say(started.Problems);
            Replace();
            return;
        }

        world.Log.Say($"the guard is gone: another one (PID {process.Pid}) watches from now on");
        Name = ProcessName.Of(process.Pid, process.CreationTime);
        guard = HeldProcess.Take(process.Pid, process.CreationTime);
        if (guard is null) Replace();
        else world.Host.Watch(guard.Handle, SupervisorLoop.GuardToken);
    }
}
