using Holdfast.Core.Shipping;

namespace Holdfast.Telemetry.Shipping;

/// <summary>A stream and where its segments are.</summary>
public sealed record ShippedFolder(EventStream Stream, string Folder);
