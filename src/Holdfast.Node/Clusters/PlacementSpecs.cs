using System.Runtime.CompilerServices;
using System.Text.Json;
using Holdfast.Core.Services;
using Holdfast.Node.State;

namespace Holdfast.Node.Clusters;

/// <summary>
/// When two placements mean the same. They are held against each other as they are written, so that nothing of them can be forgotten; and as one never changes, those that were found to be
/// the same once are so for ever: a look at a thousand services compares none that it knows.
/// </summary>
internal static class PlacementSpecs
{
    /// <summary>By the one: the other that it was last found to be the same as. It keeps neither of them.</summary>
    private static readonly ConditionalWeakTable<PlacementSpec, WeakReference<PlacementSpec>> Found = [];

    public static bool Same(PlacementSpec one, PlacementSpec other)
    {
        if (ReferenceEquals(one, other) || (Found.TryGetValue(one, out var known) && known.TryGetTarget(out var last) && ReferenceEquals(last, other))) return true;
        var same = JsonElement.DeepEquals(JsonSerializer.SerializeToElement(one, StateJson.Default.PlacementSpec), JsonSerializer.SerializeToElement(other, StateJson.Default.PlacementSpec));
        if (same) Found.AddOrUpdate(one, new(other));
        return same;
    }
}
