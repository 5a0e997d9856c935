using System.Text.Json;

namespace Holdfast.Core.Supervision;

/// <summary>When two desired values mean the same: compared by content, whatever the order of keys.</summary>
public static class DesiredInstances
{
    public static bool Same(DesiredInstance one, DesiredInstance other) => ReferenceEquals(one, other)
        || (one.Run == other.Run && one.Incarnation == other.Incarnation && SamePlan(one.Plan, other.Plan));

    public static bool SamePlan(InstancePlan one, InstancePlan other)
    {
        if (ReferenceEquals(one, other)) return true;
        if (one.Release != other.Release || one.PackageDigest != other.PackageDigest) return false;
        return JsonElement.DeepEquals(
            JsonSerializer.SerializeToElement(one, SupervisionJson.Default.InstancePlan),
            JsonSerializer.SerializeToElement(other, SupervisionJson.Default.InstancePlan));
    }
}
