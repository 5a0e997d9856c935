using System.IO.Enumeration;
using Holdfast.Core.Shipping;
using Holdfast.Telemetry.Sinks;

namespace Holdfast.Node.Shipping;

/// <summary>A sink as the administrator of the node describes it.</summary>
/// <param name="Name">1 to 32 lower-case letters, digits and hyphens: a folder's name.</param>
/// <param name="Kind">What it is, in a word.</param>
/// <param name="Text">As it stands in the file: another text is another sink, with the same name and cursors.</param>
/// <param name="Services">Whose streams it delivers; a star stands for any letters.</param>
/// <param name="Streams">Those of the node's own that it delivers.</param>
/// <param name="FromNow">It begins with what comes, and not with the oldest that is there.</param>
/// <param name="Open">Makes it.</param>
internal sealed record SinkDefinition(string Name, string Kind, string Text, IReadOnlyList<string> Services, IReadOnlyList<string> Streams, bool FromNow, Func<ISink> Open)
{
    public bool Delivers(EventStream stream) => stream.Service is { } service
        ? Services.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, service, ignoreCase: false))
        : Streams.Contains(stream.Name);
}
