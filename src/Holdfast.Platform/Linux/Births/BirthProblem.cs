using System.Runtime.Versioning;
using System.Text;
using Holdfast.Core.Problems;
using Holdfast.Platform.Linux.Native;

namespace Holdfast.Platform.Linux.Births;

/// <summary>Says in a user's words why a start failed.</summary>
[SupportedOSPlatform("linux")]
internal static class BirthProblem
{
    public static Problem From(BirthStep step, int errno, BirthRequest request) => step switch
    {
        BirthStep.Program => Program(errno, request),
        BirthStep.Folder => Folder(errno, request),
        BirthStep.Account => new(ProblemKind.Failed, "process.account", $"Cannot become user {request.Account?.Name}: {Errno.Describe(errno)}.")
        {
            Mend = errno == Errno.EPERM ? "run the supervisor as root, or leave 'user' out" : null,
        },
        BirthStep.Limits => new(ProblemKind.Failed, "process.limits", $"Cannot set limits.files to {request.Files}: {Errno.Describe(errno)}.")
        {
            Mend = errno == Errno.EPERM ? "it is above the supervisor's own hard limit (ulimit -Hn)" : null,
        },
        BirthStep.Affinity when HostCpus.Missing(request.Cpus!) is { } missing => missing,
        BirthStep.Affinity => new(ProblemKind.Failed, "process.affinity", $"Its processes cannot be kept to the CPUs {request.Cpus}.")
        {
            Why = "the supervisor itself may not use all of them (a cpuset), or taskset (util-linux) is not here",
        },
        BirthStep.Container => new(ProblemKind.Failed, "process.container", $"Cannot enter the container {request.Cgroup}: {Errno.Describe(errno)}."),
        BirthStep.Parent => new(ProblemKind.Failed, "process.parent-gone", "The supervisor ended while it was starting the process."),
        _ when errno == Errno.EAGAIN => new(ProblemKind.Failed, "process.too-many", "No further process may be started.")
        {
            Why = "a limit on the number of processes is reached: limits.processes, the account's (ulimit -u), or the host's",
        },
        _ => new(ProblemKind.Failed, "process.start-failed", $"Cannot start {request.Executable}: {Errno.Describe(errno)} ({step})."),
    };

    private static Problem Program(int errno, BirthRequest request)
    {
        var path = request.Executable;
        return errno switch
        {
            Errno.ENOENT or Errno.ENOTDIR when !File.Exists(path) =>
                new(ProblemKind.Failed, "process.command-not-found", $"There is no file {path}.") { Mend = "correct 'command'" },
            Errno.ENOENT => new(ProblemKind.Failed, "process.interpreter-not-found", $"What {path} needs to run is not on this host.")
            {
                Why = Interpreter(path) is { } line ? $"its first line says {line}" : "its program loader is missing: it was built for another system",
            },
            Errno.EACCES when Directory.Exists(path) => new(ProblemKind.Failed, "process.not-executable", $"{path} is a folder."),
            Errno.EACCES => new(ProblemKind.Failed, "process.not-executable", $"{path} is not executable{By(request)}.")
            {
                Mend = "set its execute right (chmod +x), and on the folders above it",
            },
            Errno.ENOEXEC => new(ProblemKind.Failed, "process.not-a-program", $"{path} is not a program that this host can run.")
            {
                Why = "neither a program for this processor nor a script with a first line #!",
            },
            Errno.ETXTBSY => new(ProblemKind.Failed, "process.being-written", $"{path} is open for writing."),
            Errno.E2BIG => new(ProblemKind.Failed, "process.arguments-too-long", $"The arguments and the environment of {path} are too long."),
            _ => new(ProblemKind.Failed, "process.start-failed", $"Cannot start {path}: {Errno.Describe(errno)}."),
        };
    }

    private static Problem Folder(int errno, BirthRequest request) => errno is Errno.ENOENT or Errno.ENOTDIR
        ? new(ProblemKind.Failed, "process.working-folder", $"There is no folder {request.Folder} to work in.")
        : new(ProblemKind.Failed, "process.working-folder", $"The working folder {request.Folder} cannot be entered{By(request)}: {Errno.Describe(errno)}.");

    private static string By(BirthRequest request) => request.Account is { } account ? $" by user {account.Name}" : "";

    private static string? Interpreter(string path)
    {
        Span<byte> start = stackalloc byte[256];
        var read = ProcFile.Read(path, start);
        if (!read.StartsWith("#!"u8))
            return null;
        var end = read.IndexOf((byte)'\n');
        return Encoding.UTF8.GetString(end < 0 ? read : read[..end]).Trim();
    }
}
