namespace Holdfast.Integration.Tests.Nodes;

/// <summary>A test that asks systemd's own checker.</summary>
public sealed class SystemdFactAttribute : FactAttribute
{
    public SystemdFactAttribute()
    {
        if (!Programs.Has("systemd-analyze"))
            Skip = "needs systemd-analyze (Debian: systemd)";
    }
}
