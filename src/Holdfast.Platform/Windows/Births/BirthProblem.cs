using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Holdfast.Core.Problems;
using Holdfast.Platform.Windows.Native;

namespace Holdfast.Platform.Windows.Births;

/// <summary>Says in a user's words why a start failed.</summary>
[SupportedOSPlatform("windows")]
internal static class BirthProblem
{
    /// <summary>What can be said before anything is tried. Null: nothing.</summary>
    public static Problem? Foresee(Launch launch)
    {
        if (LaunchCheck.Find(launch) is { } problem) return problem;
        if (EnvironmentText.Twice(launch.Environment) is { } twice)
            return new(ProblemKind.BadInput, "process.bad-variable", $"The environment names {twice} twice.") { Why = "Windows does not tell upper from lower case in the names of variables" };
        if (Path.GetExtension(launch.Executable).ToUpperInvariant() is ".BAT" or ".CMD")
        {
            return new(ProblemKind.Refused, "process.script", $"{launch.Executable} is a command script, and is not started as a program.")
            {
                Why = "Windows hands its arguments to cmd.exe, which reads commands in them",
                Mend = @"name the interpreter: command: ['C:\Windows\System32\cmd.exe', '/d', '/c', script]",
            };
        }

        if (launch.Executable.Contains('"', StringComparison.Ordinal))
            return new(ProblemKind.BadInput, "process.command-not-found", $"A file cannot be called {launch.Executable}.");
        return CommandLineText.Of(launch.Executable, launch.Arguments).Length >= CommandLineText.Longest ? TooLong(launch) : null;
    }

    public static Problem From(int error, Launch launch)
    {
        var path = launch.Executable;
        return error switch
        {
            _ when Directory.Exists(path) => new(ProblemKind.Failed, "process.not-executable", $"{path} is a folder."),
            Win32Error.FILE_NOT_FOUND or Win32Error.PATH_NOT_FOUND or Win32Error.INVALID_NAME when !File.Exists(path) =>
                new(ProblemKind.Failed, "process.command-not-found", $"There is no file {path}.") { Mend = "correct 'command'" },
            _ when !Directory.Exists(launch.WorkingFolder) => new(ProblemKind.Failed, "process.working-folder", $"There is no folder {launch.WorkingFolder} to work in."),
            Win32Error.DIRECTORY => new(ProblemKind.Failed, "process.working-folder", $"The working folder {launch.WorkingFolder} cannot be entered: {Win32Error.Describe(error)}."),
            Win32Error.ACCESS_DENIED => new(ProblemKind.Failed, "process.not-executable", $"{path} may not be executed by this account.")
            {
                Mend = "give it the right to read and execute the file, and look whether a policy (AppLocker, WDAC) or a virus scanner forbids it",
            },
            Win32Error.BAD_EXE_FORMAT or Win32Error.EXE_MACHINE_TYPE_MISMATCH => NoProgram(path),
            Win32Error.FILE_NOT_FOUND => new(ProblemKind.Failed, "process.interpreter-not-found", $"What {path} needs to run is not on this host."),
            Win32Error.ELEVATION_REQUIRED => new(ProblemKind.Refused, "process.elevation", $"{path} asks for an administrator's rights (its manifest says so), and this account is none."),
            Win32Error.SHARING_VIOLATION => new(ProblemKind.Failed, "process.being-written", $"{path} is open for writing."),
            Win32Error.FILENAME_EXCED_RANGE => TooLong(launch),
            Win32Error.NOT_ENOUGH_QUOTA => new(ProblemKind.Failed, "process.too-many", "No further process may be started.")
            {
                Why = "limits.processes is reached, or Windows has no memory left for another",
            },
            _ => new(ProblemKind.Failed, "process.start-failed", $"Cannot start {path}: {Win32Error.Describe(error)}."),
        };
    }

    private static Problem NoProgram(string path) => new(ProblemKind.Failed, "process.not-a-program", $"{path} is not a program that this host can run.")
    {
        Why = ProgramImage.Describe(path) is { } kind
            ? $"it is {kind}, and this is a host for {RuntimeInformation.OSArchitecture}"
            : "it is no program for Windows (its header says so)",
    };

    private static Problem TooLong(Launch launch) =>
        new(ProblemKind.Failed, "process.arguments-too-long", $"The arguments of {launch.Executable} are too long.") { Why = $"Windows takes {CommandLineText.Longest - 1} characters for all of them together" };
}
