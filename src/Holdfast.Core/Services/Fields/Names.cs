using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Rules;
using Holdfast.Core.Services.Shapes;

namespace Holdfast.Core.Services.Fields;

/// <summary>How the names that users give must look.</summary>
internal static class Names
{
    private const string Environmental = "^[A-Za-z_][A-Za-z0-9_]{0,127}$";

    public const string ServicePattern = "^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$";

    public const string VersionPattern = "^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$";

    public const string NodePattern = "^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$";

    public static KeyForm Node { get; } = new(NodePattern, SpecRules.PlacementNode);

    public static KeyForm Service { get; } = new(ServicePattern, SpecRules.Name);

    public static KeyForm Version { get; } = new(VersionPattern, SpecRules.Version);

    public static KeyForm Port { get; } = new("^[a-z][a-z0-9-]{0,31}$", SpecRules.PortName);

    public static KeyForm Rule { get; } = new("^[a-z][a-z0-9-]{0,31}$", SpecRules.RedactionName, name => name is "pan" or "bearer" or "private-key"
        ? new(SpecRules.RedactionName, "is the name of a built-in rule", null, "choose another name")
        : null);

    public static KeyForm Label { get; } = new("^[A-Za-z0-9]([A-Za-z0-9._/-]{0,61}[A-Za-z0-9])?$", SpecRules.Label);

    public static KeyForm Group { get; } = new(@"^[^\s:/\x00-\x1f]([^:/\x00-\x1f]{0,254}[^\s:/\x00-\x1f])?$", SpecRules.Account);

    public static KeyForm Secret { get; } = new(Environmental, SpecRules.EnvironmentName, name => Reserved(name + "_FILE"));

    public static KeyForm Environment { get; } = new(Environmental, SpecRules.EnvironmentName, Reserved);

    private static Fault? Reserved(string name) =>
        name.StartsWith("HOLDFAST_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("WATCHDOG_", StringComparison.OrdinalIgnoreCase)
        || name.Equals("NOTIFY_SOCKET", StringComparison.OrdinalIgnoreCase)
            ? new(SpecRules.EnvironmentReserved, "is reserved", SpecRules.EnvironmentReserved.Reason, "choose another name")
            : null;
}
