using Holdfast.Core.Problems;

namespace Holdfast.Telemetry.Sinks.Elasticsearch;

/// <summary>Where an Elasticsearch or OpenSearch is, and what events become there.</summary>
/// <param name="Urls">Of its nodes; the next one is asked where one fails.</param>
/// <param name="Target">The data stream, or index. Both are only ever created in: nothing that is there is changed.</param>
public sealed record ElasticsearchOptions(IReadOnlyList<Uri> Urls, string Target)
{
    /// <summary>The whole header <c>Authorization</c>, read anew for each request, so that a secret can be changed without a restart; empty: there is none.</summary>
    public Func<Outcome<string>> Authorization { get; init; } = () => "";

    /// <summary>Bodies are compressed.</summary>
    public bool Gzip { get; init; } = true;

    /// <summary>After which there is no answer.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);
}
