using System.Runtime.Versioning;
using System.Text;
using Holdfast.Platform.Windows.Native;

namespace Holdfast.Platform.Windows.Processes;

/// <summary>The log of a process that the SCM has started: it has no stderr.</summary>
[SupportedOSPlatform("windows")]
public static unsafe class AppendedLog
{
    /// <summary>
    /// Appended by every writer for itself, and emptied by <see cref="OwnLog"/> while they have it open. Its folder must be there. Where it cannot be
    /// opened nothing is written: a service is not kept from its start by its words.
    /// </summary>
    public static TextWriter Open(string file)
    {
        var handle = Kernel32.CreateFile(
            file, Kernel32.FILE_APPEND_DATA | Kernel32.SYNCHRONIZE | Kernel32.FILE_READ_ATTRIBUTES, Kernel32.FILE_SHARE_READ | Kernel32.FILE_SHARE_WRITE | Kernel32.FILE_SHARE_DELETE, null, Kernel32.OPEN_ALWAYS, Kernel32.FILE_FLAG_OPEN_REPARSE_POINT, 0);
        if (!handle.IsInvalid) return TextWriter.Synchronized(new StreamWriter(new FileStream(handle, FileAccess.Write, bufferSize: 0), new UTF8Encoding(false)) { AutoFlush = true });
        handle.Dispose();
        return TextWriter.Null;
    }
}
