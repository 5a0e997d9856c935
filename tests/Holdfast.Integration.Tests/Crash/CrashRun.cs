namespace Holdfast.Integration.Tests.Crash;

/// <summary>One run of the matrix: who ends when who is about to do what for the how manieth time.</summary>
/// <param name="Actor">Who makes the call.</param>
/// <param name="Victim">Who is ended by it.</param>
/// <param name="Point">Of <see cref="CrashPoints"/>.</param>
/// <param name="Nth">From 1, of such calls since the operation began.</param>
internal sealed record CrashRun(CrashOperation Operation, Role Actor, Role Victim, string Point, int Nth, FaultAction Action)
{
    public string Kind => Point[..Point.IndexOf(' ', StringComparison.Ordinal)];

    public string Path => Point[(Point.IndexOf(' ', StringComparison.Ordinal) + 1)..];

    /// <summary>E.g. <c>deploy: agent ends before its sync audit/*.jsonl, the 2nd</c>; a filter of the tests knows it by this.</summary>
    public override string ToString()
    {
        var when = Action switch { FaultAction.KillBefore => "before", FaultAction.KillTorn => "in the middle of", _ => "after" };
        return $"{Operation.Name}: {Word(Victim)} ends {when} {(Actor == Victim ? "its" : Word(Actor) + "'s")} {Point} no. {Nth}";
    }

    private static string Word(Role role) => role.ToString().ToLowerInvariant();
}
