namespace Holdfast.Node.Clusters;

/// <summary>What keeps a former leader of a service from acting on this product's part. Never more than is there.</summary>
internal static class FenceStrength
{
    /// <summary>The supervisor kills at the deadline. Whether what receives effects looks at the epoch is not known here, so it is not claimed.</summary>
    public const string KillOnly = "kill-only";
}
