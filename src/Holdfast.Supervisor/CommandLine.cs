using System.Reflection;
using Holdfast.Core.Problems;
using Holdfast.Platform;

namespace Holdfast.Supervisor;

/// <summary>The few words that the supervisor understands. People use <c>holdfast</c>; this is started by the agent or by systemd.</summary>
internal static class CommandLine
{
    public static string Version { get; } =
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";

    private const string Usage = """
        holdfast-supervisor keeps a node's instances running. It is started by the agent (holdfast agent) or by the service manager.

          holdfast-supervisor run [--home DIR]   run in the foreground; its log goes to stderr
          holdfast-supervisor --version
        """;

    public static int Run(string[] args, TextWriter output, TextWriter errors)
    {
        switch (args)
        {
            case ["--version"]:
                output.WriteLine(Version);
                return ExitCode.Ok;
            case ["--help"] or ["-h"] or ["help"]:
                output.WriteLine(Usage);
                return ExitCode.Ok;
            case ["run"]:
                return SupervisorProcess.Run(Home.Find(null), new Log(errors, TimeProvider.System));
            case ["run", "--home", { Length: > 0 } home]:
                return SupervisorProcess.Run(Home.Find(home), new Log(errors, TimeProvider.System));
            default:
                errors.WriteLine(args.Length == 0 ? Usage : $"holdfast-supervisor: not understood: {string.Join(' ', args)}\n{Usage}");
                return ExitCode.BadInput;
        }
    }
}
