using Holdfast.Core.NativeServices;
using Holdfast.Platform;

namespace Holdfast.Node.Supervisors;

/// <summary>What the SCM executes for a native service: its supervisor.</summary>
public static class NativeCommand
{
    /// <param name="ownAccount">It runs under its service's account, without the node key.</param>
    public static string Line(string executable, Home home, string service, bool ownAccount)
    {
        ArgumentNullException.ThrowIfNull(home);
        return $"{Quoted(executable)} native --home {Quoted(home.Path)} --service {service}{(ownAccount ? " --own-account" : "")}";
    }

    /// <summary>By its executable's name: of whatever home, and of whatever version.</summary>
    public static bool IsOurs(NativeServiceConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.CommandLine.Contains("holdfast-supervisor", StringComparison.OrdinalIgnoreCase);
    }

    private static string Quoted(string text) => $"\"{text}\"";
}
