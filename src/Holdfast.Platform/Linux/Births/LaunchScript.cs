using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Holdfast.Platform.Linux.Native;

namespace Holdfast.Platform.Linux.Births;

/// <summary>
/// The shell's part of a managed start. Nothing of the request is pasted into the script: it comes as positional arguments, in the
/// order folder, number of joins, joins, executable, arguments.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class LaunchScript
{
    /// <summary>Where the script says which step failed; closed when it becomes the program.</summary>
    public const int ReportDescriptor = 3;

    private const string SetPrivileges = "/usr/bin/setpriv";

    /// <summary>Without the name of the shell.</summary>
    public static IEnumerable<string> Arguments(BirthRequest request)
    {
        var joins = request.Joins.Concat(request.Cgroup is null ? [] : [request.Cgroup]).ToList();
        return ["-c", Script(request), "holdfast-launch", request.Folder, joins.Count.ToString(CultureInfo.InvariantCulture), .. joins, request.Executable, .. request.Arguments];
    }

    /// <summary>A shell does not tell the number: what the step most likely failed for.</summary>
    public static int ErrnoOf(BirthStep step, BirthRequest request) => step switch
    {
        BirthStep.Folder => Directory.Exists(request.Folder) ? Errno.EACCES : Errno.ENOENT,
        _ => Errno.EPERM,
    };

    private static string Script(BirthRequest request)
    {
        var script = new StringBuilder();
        script.Append("fail() { echo $1 >&3; exit 127; }\n");
        script.Append("folder=$1; joins=$2; shift 2\n");
        script.Append("while [ $joins -gt 0 ]; do { echo 0 >\"$1/cgroup.procs\"; } 2>/dev/null || fail Container; shift; joins=$((joins-1)); done\n");
        if (request.Files is { } files)
            script.Append(CultureInfo.InvariantCulture, $"ulimit -n {files} 2>/dev/null || fail Limits\n");
        script.Append(request.CoreDumps ? "ulimit -c unlimited 2>/dev/null || ulimit -S -c $(ulimit -H -c)\n" : "ulimit -c 0\n");
        script.Append("umask ").Append(BirthDefaults.UmaskText).Append('\n');
        script.Append("cd \"$folder\" 2>/dev/null || fail Folder\n");
        script.Append(NeedsPrivileges(request) ? $"[ -x {SetPrivileges} ] || fail Account\n" : "");
        // Only what was given is passed on: the shell adds some of its own.
        foreach (var name in (string[])["PWD", "OLDPWD", "SHLVL", "_"])
        {
            if (!request.Environment.ContainsKey(name))
                script.Append(CultureInfo.InvariantCulture, $"unset {name} 2>/dev/null\n");
        }

        script.Append(request.Detached ? "\"$@\" 3>&- & echo $! >&3\n" : $"exec {Prefix(request)}\"$@\" 3>&-\n");
        return script.ToString();
    }

    private static bool NeedsPrivileges(BirthRequest request) => request.Account is not null && !request.Detached;

    private static string Prefix(BirthRequest request)
    {
        var prefix = new StringBuilder();
        if (request.Niceness != 0)
            prefix.Append(CultureInfo.InvariantCulture, $"nice -n {request.Niceness} ");
        if (!File.Exists(SetPrivileges))
            return prefix.ToString();
        prefix.Append(SetPrivileges).Append(" --pdeathsig KILL ");
        if (request.NoNewPrivileges)
            prefix.Append("--no-new-privs ");
        if (request.Account is { } account)
            prefix.Append(CultureInfo.InvariantCulture, $"--reuid {account.UserId} --regid {account.GroupId} --groups {string.Join(',', account.Groups)} ");
        return prefix.Append("-- ").ToString();
    }
}
