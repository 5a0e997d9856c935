using Holdfast.Core.Leadership;

namespace Holdfast.Testing.Simulation;

/// <summary>How an agent begins that finds what its supervisor kept.</summary>
internal sealed partial class NodeModel
{
    private void StartAgent()
    {
        agentLives = true;
        agentFrozenUntil = default;
        BeginToHold();
        if (process is { } found && deadlines.TryGetValue(found.Lease, out var hard) && Boot < hard && processLives && !killing)
        {
            // It is back before the deadline: the lease and its epoch go on; where the two are not the same, once the store has said that they are together.
            isUnsure = found.Lease < 0;
            lease = isUnsure ? Kept(deadlines.Where(known => known.Key > 0 && Boot < known.Value).OrderByDescending(known => known.Value).FirstOrDefault()) : Kept(new(found.Lease, hard));
            leadership = isUnsure ? NewLeadership() : LeadershipState.Resume(Name, found.Epoch, found.Lease) with { Budget = Unlimited, Promise = promise };
            return;
        }

        lease = LeaseMachine.Begin;
        leadership = NewLeadership();
        if (process is { } kept) StopKept(kept);
    }

    private LeaseState Kept(KeyValuePair<long, TimeSpan> known)
    {
        var terms = LeaseTerms.Of(Length, TimeSpan.Zero).Value;
        return known.Key == 0 ? LeaseMachine.Begin : new LeaseState.Held(known.Key, terms, known.Value - terms.Hard, Boot, known.Value - terms.Hard, null);
    }

    private void StopKept((long Epoch, long Lease) kept)
    {
        leadership = NewLeadership() with { Phase = new LeadershipPhase.Stopping(kept.Epoch, kept.Lease, null), ActedIn = kept.Epoch, Lease = (lease as LeaseState.Held)?.Id };
        if (killing) return;
        if (processLives) Kill("its deadline has passed while there was no agent");
        else TellEnded("it has ended while there was no agent");
    }
}
