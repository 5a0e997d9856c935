using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;

namespace Holdfast.Node.Clusters;

/// <summary>What is to become of a switchover whose time has come, or of one that has come to nothing.</summary>
internal abstract record DueMove(string Service)
{
    /// <summary>It is wanted now, and not planned any more.</summary>
    public sealed record Begin(PlannedMove Plan, MoveDocument Move, string Why) : DueMove(Plan.Service);

    /// <summary>It could not be begun while there was time for it.</summary>
    public sealed record GiveUp(PlannedMove Plan, Problem Why) : DueMove(Plan.Service);

    /// <summary>It was begun, and the service is not there: it must not move in the middle of the next day.</summary>
    public sealed record TakeBack(MoveDocument Move, string Why) : DueMove(Move.Service);
}

/// <summary>Decides about switchovers that are planned for a time, and about those that nobody waits for any more.</summary>
internal static class PlannedMoves
{
    /// <summary>For so long after its time a switchover that cannot be begun is tried again.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Longer than whoever asked for it waits.</summary>
    public static readonly TimeSpan MovesWithin = TimeSpan.FromMinutes(2);

    public static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    public static IReadOnlyList<DueMove> Look(ClusterImage image, DateTimeOffset now) =>
    [
        .. image.PlannedMoves.Documents.Values.Select(p => p.Value).Where(plan => plan.Due <= now).OrderBy(plan => plan.Due).Select(plan => Judge(image, plan, now)).OfType<DueMove>(),
        .. image.Moves.Documents.Values.Select(m => m.Value).Where(move => now - move.At > MovesWithin && IsNotBegun(image, move)).Select(move => new DueMove.TakeBack(move, $"its leader was not asked to end for {move.To} within {MovesWithin.TotalMinutes:0} min")),
    ];

    /// <summary>When there is something to look at again; null: never.</summary>
    public static TimeSpan? Wait(ClusterImage image, DateTimeOffset now)
    {
        var next = image.PlannedMoves.Documents.Values.Select(p => p.Value.Due).Concat(image.Moves.Documents.Values.Select(m => m.Value.At + MovesWithin)).Select(at => (TimeSpan?)(at - now)).Min();
        return next <= TimeSpan.Zero ? Again : next;
    }

    /// <summary>Somebody else leads, and what leads there runs: a service that is long about its end is let end.</summary>
    private static bool IsNotBegun(ClusterImage image, MoveDocument move) =>
        image.Leaders.Find(move.Service)?.Value is { } leader && leader.Node != move.To && image.Report(leader.Node, move.Service) is { State: InstanceState.Running };

    /// <summary>Null: it cannot be begun yet, and there is time.</summary>
    private static DueMove? Judge(ClusterImage image, PlannedMove plan, DateTimeOffset now)
    {
        var planned = MovePlanning.Plan(image, plan.Service, plan.To, now);
        if (planned.TryGet(out var found) && image.Moves.Find(plan.Service) is null && now - plan.Due <= Patience)
            return new DueMove.Begin(plan, new(plan.Service, found.To.Node, plan.By, plan.Id, now), $"{plan.By} planned it for {plan.Due.UtcDateTime:u}");
        if (now - plan.Due <= Patience) return null;
        return new DueMove.GiveUp(plan, planned.IsOk ? ClusterProblems.Missed(plan.Service, plan.Due) : planned.Problems[0]);
    }
}
