namespace Holdfast.Testing.Simulation;

/// <summary>What a process is to do, in order: at once, or when it is no longer frozen.</summary>
/// <param name="frozenUntil">In the past: it is not.</param>
internal sealed class Inbox(World world, Func<TimeSpan> frozenUntil)
{
    private readonly Queue<Action> waiting = new();
    private bool wakes;

    public void Do(Action work)
    {
        if (waiting.Count == 0 && frozenUntil() <= world.Now)
        {
            work();
            return;
        }

        waiting.Enqueue(work);
        Wake();
    }

    private void Wake()
    {
        if (wakes) return;
        wakes = true;
        var left = frozenUntil() - world.Now;
        world.After(left > TimeSpan.Zero ? left : TimeSpan.Zero, () =>
        {
            wakes = false;
            while (waiting.Count > 0 && frozenUntil() <= world.Now) waiting.Dequeue()();
            if (waiting.Count > 0) Wake();
        });
    }
}
