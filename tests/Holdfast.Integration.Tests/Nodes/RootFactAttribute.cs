namespace Holdfast.Integration.Tests.Nodes;

/// <summary>A test that changes accounts, which only root may.</summary>
public sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess || OperatingSystem.IsWindows())
            Skip = "needs root: it runs something under another account";
        else if (!Programs.Has("setpriv"))
            Skip = "needs setpriv (Debian: util-linux)";
    }
}
