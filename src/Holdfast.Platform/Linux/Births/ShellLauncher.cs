using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Holdfast.Platform.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Linux.Births;

/// <summary>
/// Without the native file: posix_spawn of a shell that joins the container, takes on limits and account, and then becomes the
/// program. Slower, and the same afterwards, with these differences: the account and the parent-death signal need setpriv
/// (util-linux), and variables whose names a shell cannot have are not passed on.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class ShellLauncher : ILauncher
{
    public BirthWay Way => BirthWay.Shell;

    public IReadOnlyList<string> NotEnforced { get; } = File.Exists(LaunchScript.SetPrivileges)
        ? []
        : [$"law 2 (no orphan): services do not die with the supervisor until its guard or the next one ends them: {LaunchScript.SetPrivileges} (util-linux) is not here"];

    public Birth Start(BirthRequest request)
    {
        if (ProgramCheck.Find(request) is { } failed)
            return failed;
        using var report = Pipe.Create();
        using var strings = new NativeStrings();
        var arguments = strings.Add(LaunchScript.Arguments(request).Prepend("sh"));
        var environment = strings.Add(CarriedVariables.Carried(request.Environment));
        using var actions = new SpawnActions();
        actions.Give(request.Input, 0);
        actions.Give(request.Output, 1);
        actions.Give(request.Error, 2);
        actions.Give(report.Write.Handle, LaunchScript.ReportDescriptor);
        actions.CloseFrom(LaunchScript.ReportDescriptor + 1);
        var errno = Libc.Spawn(out var pid, strings.Add(LaunchScript.Shell), actions.Actions, actions.Attributes, arguments, environment);
        if (errno != 0)
            return Birth.Failed(BirthStep.Birth, errno);
        var descriptor = Libc.OpenProcess(pid);
        if (descriptor < 0)
            throw Errno.Failure("pidfd_open");
        var process = new SafeFileHandle(descriptor, ownsHandle: true);
        report.Write.Dispose();
        return Result(request, pid, process, ReadToEnd(report.Read));
    }

    // The shell writes the step that fails, or the detached process's PID, and nothing when it becomes the program.
    private static Birth Result(BirthRequest request, int pid, SafeFileHandle process, string report)
    {
        if (report.Length == 0 && !request.Detached)
            return new(pid, process, BirthStep.None, 0);
        _ = Reaper.Reap(process, wait: true);
        process.Dispose();
        return request.Detached && int.TryParse(report, out var detached)
            ? new(detached, null, BirthStep.None, 0)
            : Enum.TryParse<BirthStep>(report, out var step) ? Birth.Failed(step, LaunchScript.ErrnoOf(step, request)) : Birth.Failed(BirthStep.Birth, Errno.EINVAL);
    }

    private static string ReadToEnd(PipeReadEnd pipe)
    {
        var text = new StringBuilder();
        Span<byte> buffer = stackalloc byte[256];
        while (true)
        {
            var (state, bytes) = pipe.Read(buffer);
            if (state == ReadState.End)
                return text.ToString().Trim();
            if (state == ReadState.Data)
                text.Append(Encoding.ASCII.GetString(buffer[..bytes]));
            else
                Waiter.Wait(pipe.Handle, Libc.POLLIN, until: TimeSpan.MaxValue);
        }
    }
}
