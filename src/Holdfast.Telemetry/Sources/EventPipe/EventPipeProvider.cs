namespace Holdfast.Telemetry.Sources.EventPipe;

/// <summary>An EventSource whose events are wanted.</summary>
/// <param name="Name">As the EventSource calls itself.</param>
/// <param name="Level">1 critical, 2 error, 3 warning, 4 informational, 5 verbose: this and what is more severe.</param>
/// <param name="Keywords">Events that have any of these bits; -1: all.</param>
public sealed record EventPipeProvider(string Name, int Level, long Keywords)
{
    /// <summary>What the source is told besides, as <c>key=value</c>.</summary>
    internal string Arguments { get; init; } = "";
}
