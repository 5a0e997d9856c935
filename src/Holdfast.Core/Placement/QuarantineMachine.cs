using Holdfast.Core.Services.Units;

namespace Holdfast.Core.Placement;

/// <summary>
/// Keeps services off a node whose lease is lost again and again, as one pure function. Quarantine never costs more than it saves: only a share of the nodes is in it, and
/// it ends when no other node is left that could have anything.
/// </summary>
public static class QuarantineMachine
{
    public static QuarantineStep Step(QuarantineState state, QuarantineInput input, QuarantinePeers peers, QuarantineTerms terms, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(peers);
        ArgumentNullException.ThrowIfNull(terms);
        if (state.Until is { } until)
            return End(state, until, input, peers, now);
        return input switch
        {
            QuarantineInput.LeaseLost { Planned: false } => Count(state, peers, terms, now),
            QuarantineInput.Released => new(QuarantineState.None, "its losses are forgotten"),
            _ => new(state, ""),
        };
    }

    private static QuarantineStep End(QuarantineState state, DateTimeOffset until, QuarantineInput input, QuarantinePeers peers, DateTimeOffset now)
    {
        if (input is QuarantineInput.Released) return new(QuarantineState.None, "somebody ended its quarantine");
        if (now >= until) return new(QuarantineState.None, "its quarantine is over");
        // Losses in quarantine do no harm, and lengthen nothing.
        return peers.Fit == 0 ? new(QuarantineState.None, "its quarantine ends, as no other node is fit") : new(state, "");
    }

    private static QuarantineStep Count(QuarantineState state, QuarantinePeers peers, QuarantineTerms terms, DateTimeOffset now)
    {
        IReadOnlyList<DateTimeOffset> losses = [.. state.Losses.Where(loss => now - loss < terms.Within), now];
        var counted = new QuarantineState(losses, null);
        var said = $"it was lost {losses.Count} time{(losses.Count == 1 ? "" : "s")} within {DurationText.Format(terms.Within)}";
        if (losses.Count < terms.Losses) return new(counted, said);
        if (peers.Fit == 0) return new(counted, $"{said}, and stays in service, as no other node is fit");
        var most = Math.Max(1, peers.Nodes / terms.OneOf);
        return peers.Quarantined >= most
            ? new(counted, $"{said}, and stays in service, as {peers.Quarantined} of {peers.Nodes} nodes are in quarantine already")
            : new(new([], now + terms.Lasts), $"{said}: it is in quarantine for {DurationText.Format(terms.Lasts)}");
    }
}
