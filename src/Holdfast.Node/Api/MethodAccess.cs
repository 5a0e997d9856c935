using Holdfast.Rpc.V1;

namespace Holdfast.Node.Api;

/// <summary>Which methods are open to whom beside operators and admins, who may call all of them but what services call at their own door. What is not named here is closed.</summary>
internal static class MethodAccess
{
    private static readonly HashSet<string> forNodes = new(StringComparer.Ordinal) { Rpc.V1.Packages.Methods.Fetch.Path, Cluster.Methods.Renew.Path, Nodes.Methods.GetFacts.Path, Nodes.Methods.Promise.Path, Nodes.Methods.CosignAudit.Path };

    /// <summary>Whether another agent may call it.</summary>
    public static bool IsForNodes(string method) => forNodes.Contains(method);

    /// <summary>Whether it is answered at the services' door, and nowhere else.</summary>
    public static bool IsForServices(string method) => method == Records.Methods.Append.Path;

    /// <summary>Whether it is open to who shows no certificate.</summary>
    public static bool IsForAnybody(string method) => method == Cluster.Methods.Join.Path;
}
