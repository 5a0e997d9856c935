using System.Reflection;
using Holdfast.Core.Problems;
using Holdfast.Platform;
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

          holdfast-supervisor guard [--home DIR]   start the supervisor, and again when it dies; nothing of it stays behind
          holdfast-supervisor run [--home DIR]     the supervisor alone, where a service manager guards it; its log goes to stderr
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
            case ["guard"]:
                return Guarded(null, null, errors);
            case ["guard", "--home", { Length: > 0 } home]:
                return Guarded(home, null, errors);
            case ["guard", "--home", { Length: > 0 } home, "--of", { } word] when ProcessName.Parse(word) is { } of:
                return Guarded(home, of, errors);
            case ["guard", "--home", { Length: > 0 } home, "--take-over", { } number, "--of", { } word] when int.TryParse(number, out var held) && ProcessName.Parse(word) is { } of:
                return Guarded(home, of, errors, held);
            case ["run"]:
                return SupervisorProcess.Run(Home.Find(null), null, new Log(errors, TimeProvider.System));
            case ["run", "--home", { Length: > 0 } home]:
                return SupervisorProcess.Run(Home.Find(home), null, new Log(errors, TimeProvider.System));
            case ["run", "--home", { Length: > 0 } home, "--guard", { } word] when ProcessName.Parse(word) is { } guard:
                return SupervisorProcess.Run(Home.Find(home), guard, new Log(errors, TimeProvider.System));
            case ["run", "--home", { Length: > 0 } home, "--take-over", { } number, .. var rest] when int.TryParse(number, out var document):
                return SupervisorProcess.TakeOver(Home.Find(home), rest is ["--guard", { } name] ? ProcessName.Parse(name) : null, document, new Log(errors, TimeProvider.System));
            case ["prove"]:
                using (var said = Console.OpenStandardOutput()) return ProveCommand.Run(said);
            default:
                errors.WriteLine(args.Length == 0 ? Usage : $"holdfast-supervisor: not understood: {string.Join(' ', args)}\n{Usage}");
                return ExitCode.BadInput;
        }
    }

    private static int Guarded(string? home, (int Pid, long CreationTime)? of, TextWriter errors, int? heldLock = null)
    {
        NewFiles.CloseToOthers();
        using var guard = new Guard(Home.Find(home), new Log(errors, TimeProvider.System));
        return guard.Run(of, heldLock);
    }
}
