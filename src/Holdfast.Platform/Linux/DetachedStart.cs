using System.Runtime.Versioning;
using Holdfast.Core.Problems;
using Holdfast.Platform.Linux.Births;
using Holdfast.Platform.Linux.Native;

namespace Holdfast.Platform.Linux;

[SupportedOSPlatform("linux")]
internal static class DetachedStart
{
    public static Outcome<DetachedProcess> Start(
        string executable, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string logFile, BirthWay? way)
    {
        var launch = new Launch { Executable = executable, Arguments = arguments, Environment = environment, WorkingFolder = "/" };
        if (LaunchCheck.Find(launch) is { } problem)
            return problem;
        var descriptor = Libc.Open(logFile, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_APPEND | Libc.O_CLOEXEC | Libc.O_NOFOLLOW, 0x1A0);
        if (descriptor < 0)
            return new Problem(ProblemKind.Failed, "process.log-file", $"Cannot open the log file {logFile}: {Errno.Describe(Errno.Last)}.");
        using var log = new Microsoft.Win32.SafeHandles.SafeFileHandle(descriptor, ownsHandle: true);
        using var nothing = NullDevice.Open();
        var request = new BirthRequest
        {
            Executable = executable,
            Arguments = arguments,
            Environment = environment,
            Folder = "/",
            Input = nothing,
            Output = log,
            Error = log,
            Detached = true,
        };
        var birth = LinuxHostParts.Launcher(way).Launcher.Start(request);
        return birth.FailedStep == BirthStep.None
            ? new DetachedProcess(birth.Pid, ProcStat.Read(birth.Pid)?.CreationTime ?? 0)
            : BirthProblem.From(birth.FailedStep, birth.Errno, request);
    }
}
