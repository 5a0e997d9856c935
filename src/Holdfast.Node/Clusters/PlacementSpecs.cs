using System.Text.Json;
using Holdfast.Core.Services;
using Holdfast.Node.State;

namespace Holdfast.Node.Clusters;

/// <summary>When two placements mean the same.</summary>
internal static class PlacementSpecs
{
    public static bool Same(PlacementSpec one, PlacementSpec other) => ReferenceEquals(one, other)
        || JsonElement.DeepEquals(JsonSerializer.SerializeToElement(one, StateJson.Default.PlacementSpec), JsonSerializer.SerializeToElement(other, StateJson.Default.PlacementSpec));
}
