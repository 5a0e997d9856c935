using System.Diagnostics;
using System.Runtime.Versioning;
using Holdfast.Cli.Output;
using Holdfast.Core.NativeServices;
using Holdfast.Core.Problems;
using Holdfast.Node.Supervisors;
using Holdfast.Platform;
using Holdfast.Platform.Windows.Services;

namespace Holdfast.Cli.Units;

/// <summary>
/// Another build for a node that Windows starts. Builds lie side by side: every service of ours is told to run from the other folder from its next start,
/// and the agent, which nothing hangs on, is started anew at once. Where it does not become Running, the build before is.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsUpgrade(Home home, TimeProvider time, Terminal terminal)
{
    private static readonly TimeSpan ProofPatience = TimeSpan.FromSeconds(60);

    private readonly ServiceControlManager scm = ServiceControlManager.Local();
    private readonly WindowsNode node = new(home, time);

    /// <param name="folder">Absolute.</param>
    public Outcome<Done> Run(string folder)
    {
        if (node.There().Count < WindowsNode.Names.Count)
            return new Problem(ProblemKind.Conflict, "upgrade.not-installed", "agent and supervisor are no services of Windows here") { Mend = "holdfast agent install --now, from the folder that they are to run from" };
        var proven = Prove(folder);
        if (!proven.IsOk) return proven;
        var before = Path.GetDirectoryName(NativeCommand.ExecutableOf(scm.Read(NodeServices.Agent).Value.Config.CommandLine))!;
        terminal.Say($"from {before}");
        terminal.Say($"to   {folder}");
        var moved = Move(folder);
        if (moved.IsOk) return moved;
        terminal.Say("It goes back to the build before.");
        var back = Move(before);
        return back.IsOk ? moved : Outcome.Failed<Done>([.. moved.Problems, .. back.Problems]);
    }

    /// <summary>Services whose supervisor runs from another folder than it will after its next start.</summary>
    public IReadOnlyList<string> Waiting() => [.. Supervisors().Where(name => scm.Status(name) is { IsOk: true, Value.ProcessId: > 0 } seen && RunsElsewhere(name, seen.Value.ProcessId))];

    private Outcome<Done> Move(string folder) => node.Write(folder)
        .Then(_ => MoveOwn(folder))
        .Then(_ => node.Stop(NodeServices.Agent))
        .Then(_ => node.Start(NodeServices.Agent));

    /// <summary>Those of services that have a supervisor of their own.</summary>
    private Outcome<Done> MoveOwn(string folder)
    {
        foreach (var service in WithOwnSupervisor())
        {
            var known = scm.Read(service);
            if (!known.IsOk || !NativeCommand.IsOurs(known.Value.Config)) continue;
            var line = NativeCommand.WithFolder(known.Value.Config.CommandLine, folder);
            if (line == known.Value.Config.CommandLine) continue;
            var edited = scm.Edit(known.Value.Config with { CommandLine = line }, []);
            if (!edited.IsOk) return Outcome.Failed<Done>(edited.Problems);
        }

        return Outcome.Done;
    }

    private IEnumerable<string> Supervisors() => WithOwnSupervisor().Prepend(NodeServices.Supervisor);

    private IEnumerable<string> WithOwnSupervisor() => SupervisorPlace.AllOf(home).Where(place => !place.IsShared && UnitMark.Read(place) is not null).Select(place => place.Service!);

    private bool RunsElsewhere(string name, int pid) =>
        scm.Read(name).TryGet(out var known) && ProcessFacts.Executable(pid) is { } running && !running.Equals(NativeCommand.ExecutableOf(known.Config.CommandLine), StringComparison.OrdinalIgnoreCase);

    /// <summary>That both of its programs start here and say their version: a build for another system, or half of one, is refused with everything still running.</summary>
    private static Outcome<Done> Prove(string folder)
    {
        (string File, string Word)[] programs = [(Path.Combine(folder, "holdfast.exe"), "version"), (Path.Combine(folder, "holdfast-supervisor.exe"), "--version")];
        if (Array.Find(programs, program => !File.Exists(program.File)) is { File: { } missing })
            return new Problem(ProblemKind.NotFound, "upgrade.no-build", $"{missing} is not there") { Mend = "name the folder of a whole build: --to FOLDER" };
        foreach (var (file, word) in programs)
        {
            try
            {
                using var process = Process.Start(new ProcessStartInfo(file, [word]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
                process.OutputDataReceived += (_, _) => { };
                process.BeginOutputReadLine();
                process.ErrorDataReceived += (_, _) => { };
                process.BeginErrorReadLine();
                if (process.WaitForExit(ProofPatience) && process.ExitCode == 0) continue;
                if (!process.HasExited) process.Kill();
                return Broken(file, process.HasExited ? $"it ends with {process.ExitCode}" : "it does not end");
            }
            catch (System.ComponentModel.Win32Exception failure)
            {
                return Broken(file, failure.Message);
            }
        }

        return Outcome.Done;
    }

    private static Problem Broken(string file, string why) => new(ProblemKind.Refused, "upgrade.broken", $"{file} does not run here") { Why = why, Mend = "everything runs on as it was; see that the build is whole and for this system" };
}
