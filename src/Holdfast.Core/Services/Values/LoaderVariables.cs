namespace Holdfast.Core.Services.Values;

/// <summary>
/// Variables by which loaders, runtimes and shells choose what code they run. Values are not signed: under law 1 they set one of these
/// only where the signed spec opens it by its own name, never because a whole mapping is open.
/// </summary>
internal static class LoaderVariables
{
    private const string Above = "environment.";

    private static readonly string[] beginnings = ["LD_", "DYLD_", "GLIBC_", "GCONV_", "COR_", "CORECLR_", "COMPLUS_", "BASH_", "PYTHON", "PERL5", "RUBY", "GEM_", "LUA_"];

    private static readonly HashSet<string> names = new(
        [
            "PATH", "PATHEXT", "COMSPEC", "ENV", "IFS", "SHELLOPTS", "CLASSPATH", "JAVA_HOME", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS",
            "NODE_OPTIONS", "NODE_PATH", "DOTNET_STARTUP_HOOKS", "DOTNET_ADDITIONAL_DEPS", "DOTNET_SHARED_STORE", "DOTNET_ROOT",
            "ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", "OPENSSL_CONF", "OPENSSL_ENGINES", "OPENSSL_MODULES", "PHPRC", "PHP_INI_SCAN_DIR",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <param name="path">Of a key: <c>environment.LD_PRELOAD</c>.</param>
    public static bool Holds(string path)
    {
        if (!path.StartsWith(Above, StringComparison.Ordinal))
            return false;
        var name = path[Above.Length..];
        return names.Contains(name) || Array.Exists(beginnings, beginning => name.StartsWith(beginning, StringComparison.OrdinalIgnoreCase));
    }
}
