using System.Runtime.Versioning;
using Holdfast.Core.Problems;
using Holdfast.Platform.Windows.Native;
using Holdfast.Platform.Windows.Processes;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Jobs;

/// <summary>
/// The processes of a job that were suspended. Windows counts suspensions, so each is suspended once and let run once; and each is held
/// meanwhile, so that its number is nobody else's.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class JobSuspension
{
    private const int MostRounds = 1000;

    private readonly Dictionary<int, SafeProcessHandle> suspended = [];

    /// <returns>True: all of it stands still. False: it grows faster than it can be looked at.</returns>
    public Outcome<bool> Suspend(Func<IReadOnlyList<int>> members)
    {
        // What is suspended starts nothing more: a look that finds nobody new has found all.
        for (var round = 0; round < MostRounds; round++)
        {
            var news = members().Where(pid => !suspended.ContainsKey(pid)).ToList();
            if (news.Count == 0) return true;
            foreach (var pid in news)
            {
                if (SuspendOne(pid) is { } problem) return problem;
            }
        }

        return false;
    }

    public Outcome<Done> LetRun()
    {
        var failed = new List<Problem>();
        foreach (var (pid, process) in suspended)
        {
            var status = Ntdll.NtResumeProcess(process);
            if (status != Ntdll.STATUS_SUCCESS && !ProcessTable.HasEnded(process)) failed.Add(Refused(pid, "let run", status));
        }

        Forget();
        return failed.Count == 0 ? Outcome.Done : failed;
    }

    /// <summary>Nothing of it is left, or it was let run.</summary>
    public void Forget()
    {
        foreach (var process in suspended.Values) process.Dispose();
        suspended.Clear();
    }

    private Problem? SuspendOne(int pid)
    {
        var process = ProcessTable.Open(pid, Kernel32.PROCESS_SUSPEND_RESUME);
        // Gone between the look and now.
        if (process is null) return ProcessTable.Open(pid) is { } there ? Hidden(pid, there) : null;
        var status = Ntdll.NtSuspendProcess(process);
        if (status == Ntdll.STATUS_SUCCESS)
        {
            suspended[pid] = process;
            return null;
        }

        var ended = ProcessTable.HasEnded(process);
        process.Dispose();
        return ended ? null : Refused(pid, "suspend", status);
    }

    private static Problem? Hidden(int pid, SafeProcessHandle there)
    {
        using (there)
            return ProcessTable.HasEnded(there) ? null : Refused(pid, "suspend", Ntdll.STATUS_ACCESS_DENIED);
    }

    private static Problem Refused(int pid, string what, uint status) =>
        new(ProblemKind.Failed, "container.not-suspended", $"Cannot {what} process {pid}: {Win32Error.Describe((int)Ntdll.RtlNtStatusToDosError(status))}.");
}
