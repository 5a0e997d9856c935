namespace Holdfast.Core.Supervision;

/// <summary>The last word about an instance, as its supervisor keeps it on disk: the agent's, or that of whoever has pinned the service.</summary>
/// <param name="Desired">What is wanted of it.</param>
/// <param name="Leaving">It is to be stopped and forgotten.</param>
public sealed record InstanceOrder(DesiredInstance Desired, bool Leaving = false)
{
    public const string FileSuffix = ".order.json";

    /// <summary>The name of its file among the supervisor's instances.</summary>
    public static string FileOf(string instance) => instance + FileSuffix;
}
