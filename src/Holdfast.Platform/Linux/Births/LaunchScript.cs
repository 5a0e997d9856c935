using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Holdfast.Platform.Linux.Native;

namespace Holdfast.Platform.Linux.Births;

/// <summary>
/// The shell's part of a managed start, in two acts: the first, with our rights, enters the containers and takes on limits; the second,
/// as the account and already bound to our life, enters the folder and becomes the program. Until then the report's descriptor is
/// open, so its end tells that the program runs. Nothing of the request is pasted into a script: it comes as arguments.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class LaunchScript
{
    public const string Shell = "/bin/sh";

    /// <summary>Where the script says which step failed; closed when it becomes the program.</summary>
    public const int ReportDescriptor = 3;

    private const string Name = "holdfast-launch";
    public const string SetPrivileges = "/usr/bin/setpriv";
    private const string Fail = "fail() { echo $1 >&3; exit 127; }\n";

    /// <summary>Without the name of the shell.</summary>
    public static IEnumerable<string> Arguments(BirthRequest request)
    {
        var joins = request.Joins.Concat(request.Cgroup is null ? [] : [request.Cgroup]).ToList();
        return
        [
            "-c", First(request), Name, joins.Count.ToString(CultureInfo.InvariantCulture), .. joins,
            "-c", Second(request), Name, request.Folder, request.Executable, .. request.Arguments,
        ];
    }

    /// <summary>A shell does not tell the number: what the step most likely failed for.</summary>
    public static int ErrnoOf(BirthStep step, BirthRequest request) => step switch
    {
        BirthStep.Folder => Directory.Exists(request.Folder) ? Errno.EACCES : Errno.ENOENT,
        _ => Errno.EPERM,
    };

    private static string First(BirthRequest request)
    {
        var script = new StringBuilder(Fail);
        script.Append("joins=$1; shift\n");
        script.Append("while [ $joins -gt 0 ]; do { echo 0 >\"$1/cgroup.procs\"; } 2>/dev/null || fail Container; shift; joins=$((joins-1)); done\n");
        if (request.Files is { } files)
            script.Append(CultureInfo.InvariantCulture, $"ulimit -n {files} 2>/dev/null || fail Limits\n");
        if (request.Cpus is { } cpus)
        {
            // The kernel leaves out what is not there: what it has made of it is compared with what was asked for.
            script.Append(CultureInfo.InvariantCulture, $"taskset -cp {cpus} $$ >/dev/null 2>&1 || fail Affinity\n");
            script.Append(CultureInfo.InvariantCulture, $"while read -r key value; do [ \"$key\" != Cpus_allowed_list: ] || [ \"$value\" = {cpus} ] || fail Affinity; done </proc/self/status\n");
        }

        script.Append(request.CoreDumps ? "ulimit -c unlimited 2>/dev/null || ulimit -S -c $(ulimit -H -c)\n" : "ulimit -c 0\n");
        if (request.Niceness != Libc.GetPriority(Libc.PRIO_PROCESS, 0))
            script.Append(CultureInfo.InvariantCulture, $"renice {request.Niceness} -p $$ >/dev/null 2>&1\n");
        // We are protected from the out-of-memory killer, it is not.
        script.Append("{ read -r score </proc/self/oom_score_adj && [ \"$score\" -ge 0 ] || echo 0 >/proc/self/oom_score_adj; } 2>/dev/null || fail Limits\n");
        script.Append("umask ").Append(BirthDefaults.UmaskText).Append('\n');
        if (request.Account is not null)
            script.Append(CultureInfo.InvariantCulture, $"[ -x {SetPrivileges} ] || fail Account\n");
        return script.Append(CultureInfo.InvariantCulture, $"exec {Prefix(request)}{Shell} \"$@\"\n").ToString();
    }

    private static string Second(BirthRequest request)
    {
        var script = new StringBuilder(Fail);
        script.Append("cd \"$1\" 2>/dev/null || fail Folder\nshift\n");
        // Whoever lost the parent before it was bound to its life was never told.
        if (!request.Outlives && !request.Detached)
            script.Append(CultureInfo.InvariantCulture, $"[ \"$PPID\" = {Environment.ProcessId} ] || fail Parent\n");
        if (request.Detached)
            script.Append("echo $$ >&3\n");
        return script.Append(CarriedVariables.GiveBack(request.Environment)).Append("exec \"$@\" 3>&-\n").ToString();
    }

    private static string Prefix(BirthRequest request)
    {
        // A child of a child that is gone belongs to init.
        if (request.Detached)
            return "/usr/bin/setsid --fork ";
        if (!File.Exists(SetPrivileges))
            return "";
        var prefix = new StringBuilder(SetPrivileges).Append(' ');
        if (!request.Outlives)
            prefix.Append("--pdeathsig KILL ");
        if (request.NoNewPrivileges)
            prefix.Append("--no-new-privs ");
        if (request.Account is { } account)
            prefix.Append(CultureInfo.InvariantCulture, $"--reuid {account.UserId} --regid {account.GroupId} --groups {string.Join(',', account.Groups)} ");
        return prefix.Append("-- ").ToString();
    }
}
