using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Holdfast.Core.Problems;
using Holdfast.Platform.Windows.Births;
using Holdfast.Platform.Windows.Jobs;
using Holdfast.Platform.Windows.Native;
using Holdfast.Platform.Windows.Stopping;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Processes;

/// <summary>
/// Processes that are held by their handles. None has a console: what they are asked is asked through an event of theirs
/// (<see cref="EndEvent"/>), and their own children get consoles of their own.
/// </summary>
[SupportedOSPlatform("windows")]
internal static unsafe class HeldStart
{
    private const int StandardOutput = -11;
    private const int StandardError = -12;

    /// <summary>It lives on when we die, unless we are ourselves in a job that nobody may leave.</summary>
    public static Outcome<HeldProcess> Start(string executable, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        using var nothing = NullDevice.Open();
        var started = Start(executable, arguments, environment, nothing, Standard(StandardOutput, nothing), Standard(StandardError, nothing), job: null);
        return started.Then(born => Outcome.Of(Hold(born)));
    }

    /// <summary>It dies with us: it is born in a job that only we hold.</summary>
    public static Outcome<HeldProcess> Ask(
        string executable, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, SafeHandle question, SafeHandle answer)
    {
        using var nothing = NullDevice.Open();
        var job = JobObject.Make(null);
        _ = JobLimits.Apply(job, new());
        var started = Start(executable, arguments, environment, question, answer, Standard(StandardError, nothing), job.Handle);
        if (started.TryGet(out var born)) return Hold(born, job);
        job.Dispose();
        return Outcome.Failed<HeldProcess>(started.Problems);
    }

    public static Outcome<DetachedProcess> Detach(string executable, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string logFile)
    {
        using var nothing = NullDevice.Open();
        // Appended by every writer for itself, and emptied by OwnLog while they have it open.
        using var log = Kernel32.CreateFile(
            logFile, Kernel32.FILE_APPEND_DATA | Kernel32.SYNCHRONIZE | Kernel32.FILE_READ_ATTRIBUTES, Kernel32.FILE_SHARE_READ | Kernel32.FILE_SHARE_WRITE | Kernel32.FILE_SHARE_DELETE, null, Kernel32.OPEN_ALWAYS, Kernel32.FILE_FLAG_OPEN_REPARSE_POINT, 0);
        if (log.IsInvalid) return new Problem(ProblemKind.Failed, "process.log-file", $"Cannot open the log file {logFile}: {Win32Error.Describe(Win32Error.Last)}.");
        return Start(executable, arguments, environment, nothing, log, log, job: null).Then(born =>
        {
            using var process = born.Process!;
            return Outcome.Of(new DetachedProcess(born.Pid, ProcessTable.CreationTimeOf(process)));
        });
    }

    public static HeldProcess? Take(int pid, long creationTime)
    {
        if (ProcessTable.Open(pid, Kernel32.PROCESS_TERMINATE) is not { } process) return null;
        if (ProcessTable.CreationTimeOf(process) == creationTime && !ProcessTable.HasEnded(process)) return new(pid, creationTime, process);
        process.Dispose();
        return null;
    }

    /// <summary>Null while it lives.</summary>
    public static ProcessExit? ExitOf(SafeHandle process)
    {
        if (Kernel32.WaitForSingleObject(process, 0) != Kernel32.WAIT_OBJECT_0 || !Kernel32.GetExitCodeProcess(process, out var code)) return null;
        return code == JobObject.KilledCode ? new(null, "SIGKILL", false) : new((int)code, null, false);
    }

    public static void End(SafeHandle process)
    {
        _ = Kernel32.TerminateProcess(process, JobObject.KilledCode);
        _ = Kernel32.WaitForSingleObject(process, Kernel32.INFINITE);
    }

    public static void Signal(HeldProcess held, SafeHandle process, string signal)
    {
        if (signal == StopSignals.Kill) _ = Kernel32.TerminateProcess(process, JobObject.KilledCode);
        else if (StopSignals.IsRequest(signal)) EndEvent.Raise(held.Pid, held.CreationTime);
    }

    private static Outcome<BornProcess> Start(
        string executable, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, SafeHandle input, SafeHandle output, SafeHandle error, SafeHandle? job)
    {
        var launch = new Launch { Executable = executable, Arguments = arguments, Environment = environment, WorkingFolder = Path.GetPathRoot(Environment.SystemDirectory)! };
        if (BirthProblem.Foresee(launch) is { } problem) return problem;
        var request = new BirthRequest
        {
            Executable = executable,
            Arguments = arguments,
            Environment = environment,
            Folder = launch.WorkingFolder,
            Input = input,
            Output = output,
            Error = error,
            Job = job,
            // Without a console no Ctrl-C reaches it; a process group of its own would make it and all that it starts deaf to that as well.
            Flags = Kernel32.DETACHED_PROCESS | (job is null ? Kernel32.CREATE_BREAKAWAY_FROM_JOB : 0),
        };
        var born = Birth.Start(request);
        // A job that nobody may leave: then it stays in ours.
        if (born.Error == Win32Error.ACCESS_DENIED && job is null) born = Birth.Start(request with { Flags = request.Flags & ~Kernel32.CREATE_BREAKAWAY_FROM_JOB });
        return born.Process is null ? BirthProblem.From(born.Error, launch) : born;
    }

    private static HeldProcess Hold(BornProcess born, JobObject? job = null) => new(born.Pid, ProcessTable.CreationTimeOf(born.Process!), born.Process!, job);

    /// <summary>Ours, where we have one that can be passed on.</summary>
    private static SafeFileHandle Standard(int which, SafeFileHandle otherwise)
    {
        var handle = Kernel32.GetStdHandle(which);
        return handle is 0 or -1 ? otherwise : new SafeFileHandle(handle, ownsHandle: false);
    }
}
