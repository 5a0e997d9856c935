namespace Holdfast.Windows.Selftest.Running;

/// <summary>What became of one test; on a line of its own in JSON.</summary>
/// <param name="Message">Null: it passed.</param>
/// <param name="Milliseconds">How long it took.</param>
public sealed record TestResult(string Name, string? Message, long Milliseconds);
