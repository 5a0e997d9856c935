using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Holdfast.Core.Problems;
using Holdfast.Platform.Linux.Births;
using Holdfast.Platform.Linux.Containers;
using Holdfast.Platform.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Linux;

[SupportedOSPlatform("linux")]
internal static class HeldStart
{
    public static Outcome<HeldProcess> Start(string executable, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        using var nothing = NullDevice.Open();
        using var output = new SafeFileHandle(1, ownsHandle: false);
        return Start(executable, arguments, environment, nothing, output, outlives: true);
    }

    public static Outcome<HeldProcess> Ask(
        string executable, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, SafeHandle question, SafeHandle answer) =>
        Start(executable, arguments, environment, question, answer, outlives: false);

    private static Outcome<HeldProcess> Start(
        string executable, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, SafeHandle input, SafeHandle output, bool outlives)
    {
        if (LaunchCheck.Find(new Launch { Executable = executable, Arguments = arguments, Environment = environment, WorkingFolder = "/" }) is { } problem)
            return problem;
        var request = new BirthRequest
        {
            Executable = executable,
            Arguments = arguments,
            Environment = environment,
            Folder = "/",
            Input = input,
            Output = output,
            Error = new SafeFileHandle(2, ownsHandle: false),
            Outlives = outlives,
            // Its own limit, and what it may give to the services that want core dumps, stay as they are.
            CoreDumps = true,
        };
        var birth = LinuxHostParts.Launcher(null).Launcher.Start(request);
        if (birth.FailedStep != BirthStep.None || birth.Process is null)
            return BirthProblem.From(birth.FailedStep, birth.Errno, request);
        return new HeldProcess(birth.Pid, ProcStat.Read(birth.Pid)?.CreationTime ?? 0, birth.Process);
    }

    public static HeldProcess? Take(int pid, long creationTime) =>
        ProcessHold.Take(pid, creationTime) is { } handle ? new(pid, creationTime, handle) : null;

    public static void Signal(SafeHandle handle, string signal)
    {
        try
        {
            if (SignalNames.NumberOf(signal) is { } number)
                _ = Libc.SignalProcess(handle, number);
        }
        catch (ObjectDisposedException)
        {
            // Signals are handed on by another thread than the one that sees the end: it has ended just now.
        }
    }
}
