using System.Runtime.Versioning;
using Holdfast.Platform.Windows.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform;

/// <summary>The process's own standard output, for data and not for words: unlike the console's stream it says so when the reader of a pipe has gone.</summary>
public static class OwnOutput
{
    /// <summary>Not buffered. Disposing it does not close the output.</summary>
    public static Stream Open()
    {
        if (OperatingSystem.IsWindows()) return OpenOnWindows();
        var plain = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        // On a file a plain stream would keep a position of its own, whoever else appends to it.
        return plain.CanSeek ? Console.OpenStandardOutput() : plain;
    }

    [SupportedOSPlatform("windows")]
    private static Stream OpenOnWindows()
    {
        const int standardOutput = -11;
        var handle = new SafeFileHandle(Kernel32.GetStdHandle(standardOutput), ownsHandle: false);
        return !handle.IsInvalid && Kernel32.GetFileType(handle) == Kernel32.FILE_TYPE_PIPE ? new FileStream(handle, FileAccess.Write, bufferSize: 0) : Console.OpenStandardOutput();
    }
}
