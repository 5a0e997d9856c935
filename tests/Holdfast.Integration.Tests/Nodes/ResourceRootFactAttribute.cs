using System.Globalization;

namespace Holdfast.Integration.Tests.Nodes;

/// <summary>A test of what only root with all its rights may: some containers take CAP_SYS_RESOURCE from it.</summary>
public sealed class ResourceRootFactAttribute : FactAttribute
{
    private const int SysResource = 24;

    public ResourceRootFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || !Effective())
            Skip = "needs CAP_SYS_RESOURCE: it lowers the score of the out-of-memory killer";
    }

    private static bool Effective()
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("CapEff:", StringComparison.Ordinal));
        var mask = ulong.Parse(line["CapEff:".Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (mask >> SysResource & 1) == 1;
    }
}
