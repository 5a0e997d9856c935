using Holdfast.Core.Supervision;

namespace Holdfast.Core.NativeServices;

/// <summary>One step while it is being made.</summary>
internal sealed class NativeTurn(NativeService state, Moment now)
{
    private readonly List<NativeEffect> effects = [];

    public NativeService State { get; private set; } = state;

    public NativePhase Phase => State.Phase;

    public NativeServicePlan Plan
    {
        get => State.Plan;
        set => State = State with { Plan = value };
    }

    public TimeSpan Clock => now.Clock;

    public uint Answer { get; set; }

    public NativeStatus? Report { get; private set; }

    public NativeStep Step => new(State, Report, effects, Answer);

    public void Do(NativeEffect effect) => effects.Add(effect);

    /// <summary>Goes on without a word to the SCM.</summary>
    public void Quietly(NativePhase phase, string reason) => State = State with { Phase = phase, Reason = reason };

    /// <summary>Goes on, and tells the SCM: once a step, so that each report stands for something that happened.</summary>
    /// <param name="within">The limit of what comes next; only where something is pending.</param>
    public void To(NativePhase phase, string reason, TimeSpan within = default, NativeExit exit = default)
    {
        var pending = phase.State is NativeState.StartPending or NativeState.StopPending or NativeState.PausePending or NativeState.ContinuePending;
        var checkpoint = !pending ? 0 : phase.State == State.Reported.State ? State.Reported.Checkpoint + 1 : 1;
        Report = new NativeStatus(phase.State, NativeServiceMachine.Accepted(phase, Plan), checkpoint, pending ? Hint(within) : TimeSpan.Zero, exit);
        State = State with { Phase = phase, Reason = reason, Reported = Report };
    }

    internal static TimeSpan Hint(TimeSpan within)
    {
        var limit = within < TimeSpan.Zero ? TimeSpan.Zero : within;
        return limit > NativeServiceLimits.LongestHint - NativeServiceLimits.ReportWithin ? NativeServiceLimits.LongestHint : limit + NativeServiceLimits.ReportWithin;
    }
}
