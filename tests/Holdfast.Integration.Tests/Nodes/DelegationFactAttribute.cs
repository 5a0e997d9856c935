namespace Holdfast.Integration.Tests.Nodes;

/// <summary>A test that gives a cgroup to another account.</summary>
public sealed class DelegationFactAttribute : FactAttribute
{
    public DelegationFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess || OperatingSystem.IsWindows())
            Skip = "needs root: it gives a cgroup to another account";
        else if (!Programs.Has("setpriv"))
            Skip = "needs setpriv (Debian: util-linux)";
        else if (DelegatedCgroup.Mount is null)
            Skip = "needs a mounted cgroup tree of version 2";
    }
}
