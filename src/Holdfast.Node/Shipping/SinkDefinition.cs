using System.IO.Enumeration;
using Holdfast.Telemetry.Sinks;

namespace Holdfast.Node.Shipping;

/// <summary>A sink as the administrator of the node describes it.</summary>
/// <param name="Name">1 to 32 lower-case letters, digits and hyphens: a folder's name.</param>
/// <param name="Kind">What it is, in a word.</param>
/// <param name="Text">As it stands in the file: another text is another sink, with the same name and cursors.</param>
/// <param name="Services">Whose streams it delivers; a star stands for any letters.</param>
/// <param name="FromNow">It begins with what comes, and not with the oldest that is there.</param>
/// <param name="Open">Makes it.</param>
internal sealed record SinkDefinition(string Name, string Kind, string Text, IReadOnlyList<string> Services, bool FromNow, Func<ISink> Open)
{
    /// <param name="service">Null: the node's own streams, which only a sink for all has.</param>
    public bool Delivers(string? service) => Services.Any(pattern => pattern == "*" || (service is not null && FileSystemName.MatchesSimpleExpression(pattern, service, ignoreCase: false)));
}
