using System.Runtime.Versioning;
using System.Text;
using Holdfast.Platform.Linux.Native;

namespace Holdfast.Platform.Linux.Births;

/// <summary>
/// Says beforehand what execve would say, for a launcher whose shell would not: a shell runs a file that is no program as a script
/// of its own, and has an exit code for everything else.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class ProgramCheck
{
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Null when it looks like a program.</summary>
    public static Birth? Find(BirthRequest request)
    {
        if (request.Account is not null && !Environment.IsPrivilegedProcess)
            return Birth.Failed(BirthStep.Account, Errno.EPERM);
        var errno = Check(request.Executable);
        return errno == 0 ? null : Birth.Failed(BirthStep.Program, errno);
    }

    private static int Check(string path)
    {
        if (Directory.Exists(path))
            return Errno.EACCES;
        if (!File.Exists(path))
            return Errno.ENOENT;
        if ((File.GetUnixFileMode(path) & AnyExecute) == 0)
            return Errno.EACCES;
        Span<byte> buffer = stackalloc byte[256];
        var start = ProcFile.Read(path, buffer);
        if (start.StartsWith("\u007fELF"u8))
            return 0;
        if (!start.StartsWith("#!"u8))
            return Errno.ENOEXEC;
        var line = start[2..];
        var end = line.IndexOf((byte)'\n');
        var words = Encoding.UTF8.GetString(end < 0 ? line : line[..end]).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 0 && File.Exists(words[0]) ? 0 : Errno.ENOENT;
    }
}
