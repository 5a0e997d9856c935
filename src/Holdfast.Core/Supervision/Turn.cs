using Holdfast.Core.Services;

namespace Holdfast.Core.Supervision;

/// <summary>One step while it is being made: the state so far and the effects so far.</summary>
internal sealed class Turn(Instance state, Moment now)
{
    private readonly List<Effect> effects = [];

    public Instance State { get; set; } = state;

    public Moment Now => now;

    /// <summary>The spec of the tree that runs, or else of the one that is wanted.</summary>
    public ServiceSpec Spec => (State.Active ?? State.Desired).Plan.Spec;

    public IReadOnlyList<Effect> Effects => effects;

    public void Do(Effect effect) => effects.Add(effect);

    public void Tell(string kind, string reason, ExitInfo? exit = null) =>
        effects.Add(new Effect.WriteEvent(kind, reason, State.Process?.Pid, exit));

    public void To(Phase phase, string reason)
    {
        var since = phase.State == State.Phase.State ? State.Since : now.Wall;
        var extended = phase.GetType() == State.Phase.GetType() ? State.Extended : TimeSpan.Zero;
        State = State with { Phase = phase, Reason = reason, Since = since, Extended = extended };
    }
}
