namespace Holdfast.Core.Supervision;

/// <summary>What a guard knows of a supervisor's end.</summary>
/// <param name="Exit">Null: it was not the guard's child, and nobody tells.</param>
/// <param name="OnPurpose">It had stopped everything, and has said so.</param>
/// <param name="Served">It had got so far as to say who it is.</param>
/// <param name="Lived">From its start, or from when the guard began to watch it.</param>
public sealed record SupervisorEnd(ExitInfo? Exit, bool OnPurpose, bool Served, TimeSpan Lived);
