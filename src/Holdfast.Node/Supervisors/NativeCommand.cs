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

    /// <summary>The program of a command line of ours, which is in quotes.</summary>
    public static string ExecutableOf(string commandLine)
    {
        ArgumentNullException.ThrowIfNull(commandLine);
        return commandLine.Split('"', 3) is ["", var executable, _] ? executable : commandLine.Split(' ', 2)[0];
    }

    /// <summary>The same, from another folder.</summary>
    public static string WithFolder(string commandLine, string folder)
    {
        var executable = ExecutableOf(commandLine);
        var name = executable[(executable.LastIndexOf('\\') + 1)..];
        return Quoted(folder.TrimEnd('\\') + '\\' + name) + commandLine[(commandLine.StartsWith('"') ? executable.Length + 2 : executable.Length)..];
    }

    private static string Quoted(string text) => $"\"{text}\"";
}
