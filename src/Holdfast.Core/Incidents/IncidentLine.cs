using System.Text.Json.Serialization;

namespace Holdfast.Core.Incidents;

/// <summary>A line of a bundle of decisions: first one that says what it is, then the decisions, then one that says that it is whole.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Head), "Incident")]
[JsonDerivedType(typeof(Decided), "decision")]
[JsonDerivedType(typeof(End), "end")]
public abstract record IncidentLine
{
    private IncidentLine()
    {
    }

    /// <param name="ApiVersion">The version of the form: <see cref="Head.V1"/>.</param>
    /// <param name="Version">Of the Holdfast that saved it; each decision names the one that made it.</param>
    /// <param name="Service">Only decisions about this service, and those about the node's lease; empty: all.</param>
    /// <param name="Since">Only decisions from then on; null: all that were kept.</param>
    public sealed record Head(string ApiVersion, string Node, string Cluster, string Version, DateTimeOffset SavedAt, string Service, DateTimeOffset? Since) : IncidentLine
    {
        public const string V1 = "holdfast/v1";
    }

    /// <summary>A decision as its node kept it.</summary>
    /// <param name="Number">From 1, over all lives of the node's agent. One that is missing was made, and could not be kept.</param>
    /// <param name="At">The time of day on that node, which may not be that of another.</param>
    /// <param name="Service">Which it is about; empty: the node itself.</param>
    /// <param name="Version">Of the Holdfast that decided.</param>
    public sealed record Decided(long Number, DateTimeOffset At, string Node, string Service, string Version, Decision Decision) : IncidentLine;

    /// <param name="Decisions">How many lines of decisions are before this one.</param>
    /// <param name="Lost">How many of the node's decisions in this span were made and could not be kept.</param>
    /// <param name="Dropped">How many were made before the oldest one that the node still has; 0 where the span begins after that one.</param>
    public sealed record End(long Decisions, long Lost, long Dropped) : IncidentLine;
}
