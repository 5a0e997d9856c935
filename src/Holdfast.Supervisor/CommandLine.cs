using System.Reflection;
using System.Runtime.Versioning;
using Holdfast.Core.Problems;
using Holdfast.Platform;
using Holdfast.Platform.Windows.Processes;
using Holdfast.Supervisor.Guarding;
using Holdfast.Supervisor.Upgrading;

namespace Holdfast.Supervisor;

/// <summary>The few words that the supervisor understands. People use <c>holdfast</c>; this is started by the agent or by systemd.</summary>
internal static class CommandLine
{
    public static string Version { get; } =
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";

    private const string Usage = """
        holdfast-supervisor keeps a node's instances running. It is started by the agent (holdfast agent) or by the service manager.

          holdfast-supervisor guard [--home DIR] [--service NAME]   start the supervisor, and again when it dies; nothing of it stays behind
          holdfast-supervisor run [--home DIR] [--service NAME]     the supervisor alone, where a service manager guards it; its log goes to stderr
          holdfast-supervisor --version

        With --service it is that service's own and keeps nothing else (`supervisor: dedicated`).
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
            case ["guard", .. var rest] when SupervisorArguments.Parse(rest) is { Guard: null, Unit: null, OwnAccount: false } given && (given.TakeOver is null || given.Of is not null):
                NewFiles.CloseToOthers();
                using (var guard = new Guard(given.Place, new Log(errors, TimeProvider.System, given.Place.Log))) return guard.Run(given.Of, given.TakeOver);
            case ["run", .. var rest] when SupervisorArguments.Parse(rest) is { Of: null, OwnAccount: false } given && (given.Unit is null || !given.Place.IsShared):
                var log = new Log(errors, TimeProvider.System, given.Place.Log);
                return given.TakeOver is { } document ? SupervisorProcess.TakeOver(given.Place, given.Guard, document, log) : SupervisorProcess.Run(given.Place, given.Guard, log, given.Unit);
            case [ConsoleSignal.Verb, .. var what]:
                return ConsoleSignal.Run(what);
            case ["native", .. var rest] when OperatingSystem.IsWindows() && SupervisorArguments.Parse(rest) is { Guard: null, Of: null, Unit: null, TakeOver: null } given && !(given.OwnAccount && given.Place.IsShared):
                var said = NativeLog(given.Place);
                return given.Place.IsShared ? Native.NodeSupervisor.Run(given.Place, said) : Native.NativeSupervisor.Run(given.Place, given.OwnAccount, said);
            case ["prove"]:
                using (var answer = Console.OpenStandardOutput()) return ProveCommand.Run(answer);
            default:
                errors.WriteLine(args.Length == 0 ? Usage : $"holdfast-supervisor: not understood: {string.Join(' ', args)}\n{Usage}");
                return ExitCode.BadInput;
        }
    }

    /// <summary>The SCM gives it no stderr.</summary>
    [SupportedOSPlatform("windows")]
    private static Log NativeLog(SupervisorPlace place)
    {
        // What stands in the way of the folder stands in the way of the start as well, which tells it.
        var made = place.MakeFolder();
        return new(made.IsOk ? AppendedLog.Open(place.Log) : TextWriter.Null, TimeProvider.System, place.Log);
    }
}
