using System.Collections.Concurrent;
using Holdfast.Core.Services;
using Holdfast.Core.Shipping;

namespace Holdfast.Node.Shipping;

/// <summary>How the lines of this node's services are to be understood, by their specs.</summary>
/// <remarks>Safe to use from several threads.</remarks>
internal sealed class ServiceForms
{
    private readonly ConcurrentDictionary<string, (LineFormatSpec Spec, LineForm Form)> known = new(StringComparer.Ordinal);

    /// <summary>The service has this spec.</summary>
    public void Take(string service, LineFormatSpec spec)
    {
        if (!known.TryGetValue(service, out var before) || before.Spec != spec) known[service] = (spec, Of(spec));
    }

    /// <summary>Of one that nobody has told of yet: as where its spec says nothing.</summary>
    public LineForm Of(string service) => known.TryGetValue(service, out var found) ? found.Form : LineForm.Json;

    private static LineForm Of(LineFormatSpec spec) => spec switch
    {
        { Pattern: { } pattern } => LineForm.Pattern(pattern, spec.Time),
        { Form: LineFormat.Logfmt } => LineForm.Logfmt,
        { Form: LineFormat.Text } => LineForm.Text,
        _ => LineForm.Json,
    };
}
