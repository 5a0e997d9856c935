using Holdfast.Core.NativeServices;
using Holdfast.Core.Supervision;

namespace Holdfast.Platform.Windows.Services;

/// <summary>
/// Where the threads meet: the SCM's handler, the supervisor and the thread that carries out. Each input is one step of the machine under
/// one lock, whose report is made under it too, so that reports are in order. STOPPED alone is left to the last thread.
/// </summary>
public sealed class NativeServiceLink
{
    private readonly object gate = new();
    private readonly Queue<NativeEffect> effects = new();
    private readonly IScmReporter reporter;
    private readonly TimeProvider time;
    private NativeService service;
    private NativeStatus? last;

    internal NativeServiceLink(IScmReporter reporter, TimeProvider time)
    {
        this.reporter = reporter;
        this.time = time;
        var first = NativeServiceMachine.Begin(Now());
        service = first.State;
        reporter.Report(first.Report!);
    }

    /// <summary>What the SCM was told last, and why.</summary>
    public (NativeStatus Status, string Reason) Told
    {
        get
        {
            lock (gate) return (service.Reported, service.Reason);
        }
    }

    /// <summary>Returns at once, on any thread. Without effect when the service is over.</summary>
    public void Tell(NativeInput input) => Take(input);

    /// <summary>What the handler returns.</summary>
    internal uint Control(NativeControl control) => Take(new NativeInput.Controlled(control));

    /// <summary>Carries out until the service is over, on the thread that ends last.</summary>
    internal void Serve(INativeServiceBody body)
    {
        Try(() => Tell(new NativeInput.Planned(body.Begin(this))));
        while (Next() is { } effect)
        {
            Try(() => body.CarryOut(effect));
            if (effect is NativeEffect.Abandon abandoned)
            {
                reporter.Abandon(abandoned.Why);
                return;
            }
        }

        // Nothing is done after it: the SCM may have ended the process by then.
        if (last is not null) reporter.Report(last);
    }

    private uint Take(NativeInput input)
    {
        lock (gate)
        {
            var step = NativeServiceMachine.Step(service, input, Now());
            service = step.State;
            foreach (var effect in step.Effects) effects.Enqueue(effect);
            if (step.Report is { State: NativeState.Stopped }) last = step.Report;
            else if (step.Report is not null) reporter.Report(step.Report);
            Monitor.Pulse(gate);
            return step.Answer;
        }
    }

    /// <summary>Null: the service is over.</summary>
    private NativeEffect? Next()
    {
        lock (gate)
        {
            while (true)
            {
                if (effects.TryDequeue(out var effect)) return effect;
                if (service.Phase is NativePhase.Over) return null;
                var due = service.NextDue - Now().Clock;
                if (due <= TimeSpan.Zero) Take(new NativeInput.TimePassed());
                // Rounded up: a moment too early would be a loop without rest.
                else if (due is { } rest) Monitor.Wait(gate, TimeSpan.FromMilliseconds(Math.Min(Math.Ceiling(rest.TotalMilliseconds), int.MaxValue)));
                else Monitor.Wait(gate);
            }
        }
    }

    private void Try(Action step)
    {
        try
        {
            step();
        }
        catch (Exception failure)
        {
            Tell(new NativeInput.HostFailed($"{failure.GetType().Name}: {failure.Message}"));
        }
    }

    private Moment Now() => new(time.GetElapsedTime(0), time.GetUtcNow());
}
