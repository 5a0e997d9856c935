using Holdfast.Telemetry.Shipping;
using Holdfast.Telemetry.Sinks;
using Holdfast.Telemetry.Sources;

namespace Holdfast.Node.Relaying;

/// <summary>A relay as somebody describes it.</summary>
/// <param name="Name">1 to 32 lower-case letters, digits and hyphens: a folder's name.</param>
/// <param name="From">The kind of its source, in a word.</param>
/// <param name="To">The kind of its sink, in a word.</param>
/// <param name="OpenSource">Makes it; throws IOException and UnauthorizedAccessException.</param>
/// <param name="OpenSink">Makes it.</param>
public sealed record RelayDefinition(string Name, string From, string To, Func<SinkPlace, IEventSource> OpenSource, Func<ISink> OpenSink)
{
    /// <summary>Its events are what the process writes to its standard output, and nothing else is to be there.</summary>
    public bool WritesToStandardOutput => To == "stdout";
}
