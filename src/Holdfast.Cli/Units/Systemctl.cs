using System.Diagnostics;
using Holdfast.Core.Problems;

namespace Holdfast.Cli.Units;

/// <summary>systemd's own command; what it says goes where ours goes.</summary>
internal static class Systemctl
{
    /// <summary>There while systemd runs the machine (sd_booted(3)).</summary>
    private const string Running = "/run/systemd/system";

    public static bool IsThere => Directory.Exists(Running);

    public static Problem Missing { get; } = new(ProblemKind.Conflict, "install.no-systemd", "systemd does not run this machine.")
    {
        Mend = "for the image of a machine where it does: --root DIR",
    };

    /// <summary>Each in turn, until one fails.</summary>
    public static Outcome<Done> Run(params IReadOnlyList<string[]> steps)
    {
        foreach (var step in steps)
        {
            var code = Code(step);
            if (code == 0) continue;
            return new Problem(ProblemKind.Failed, "install.systemctl", $"systemctl {string.Join(' ', step)} ended with exit code {code}.")
            {
                Mend = "see what it said above, and run this again",
            };
        }

        return Outcome.Done;
    }

    public static bool IsActive(string unit) => Code(["is-active", "--quiet", unit]) == 0;

    /// <summary>systemd has begun to bring the machine down, to whatever end: its shutdown.target is under way. A unit that is stopped by somebody is no sign of it.</summary>
    public static bool GoesDown => IsThere && Said("is-system-running").Trim() == "stopping";

    /// <summary>Properties of a unit, by name; empty ones of what it does not know.</summary>
    public static IReadOnlyDictionary<string, string> Show(string unit, params string[] properties)
    {
        var said = Said(["show", unit, .. properties.Select(name => "--property=" + name)]);
        var found = properties.ToDictionary(name => name, _ => "", StringComparer.Ordinal);
        foreach (var line in said.Split('\n').Select(line => line.Split('=', 2)).Where(line => line.Length == 2)) found[line[0]] = line[1];
        return found;
    }

    private static string Said(params string[] arguments)
    {
        using var systemctl = Process.Start(new ProcessStartInfo("systemctl", arguments) { RedirectStandardOutput = true })!;
        var said = systemctl.StandardOutput.ReadToEnd();
        systemctl.WaitForExit();
        return said;
    }

    private static int Code(string[] arguments)
    {
        using var systemctl = Process.Start("systemctl", arguments);
        systemctl.WaitForExit();
        return systemctl.ExitCode;
    }
}
