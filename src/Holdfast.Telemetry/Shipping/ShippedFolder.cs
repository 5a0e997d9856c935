using Holdfast.Core.Shipping;
using Holdfast.Segments;

namespace Holdfast.Telemetry.Shipping;

/// <summary>A stream and where its segments are.</summary>
public sealed record ShippedFolder(EventStream Stream, string Folder)
{
    /// <summary>How its lines are to be understood, from now on.</summary>
    public LineForm Form { get; init; } = LineForm.Json;

    /// <summary>For segments that are encrypted; null: there are none.</summary>
    public SegmentKeys? Keys { get; init; }
}
