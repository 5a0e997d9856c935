using Holdfast.Core.Services;

namespace Holdfast.Core.Access;

/// <summary>The areas of a service's files, and what a named group has in each.</summary>
public static class Areas
{
    /// <summary>A package's files, or a program that lies on the host with what is beside it.</summary>
    public const string Code = "code";

    /// <summary>Folders beside a program of the host that the service writes.</summary>
    public const string Written = "written";

    /// <summary>An instance's own folder.</summary>
    public const string Data = "data";

    /// <summary>Captured output.</summary>
    public const string Output = "output";

    /// <summary>What a supervisor of its own keeps of it.</summary>
    public const string Orders = "orders";

    /// <summary>What is pinned of a program that lies on the host.</summary>
    public const string Pins = "pins";

    /// <summary>Never to write, anywhere; and nothing of what supervisors keep.</summary>
    public static AccessRights Of(GroupRights granted, string area)
    {
        var read = granted.HasFlag(GroupRights.Read) ? AccessRights.Read : AccessRights.None;
        return area switch
        {
            Code => read | (granted.HasFlag(GroupRights.Execute) ? AccessRights.Execute : AccessRights.None),
            Written or Data or Output => read,
            _ => AccessRights.None,
        };
    }
}
