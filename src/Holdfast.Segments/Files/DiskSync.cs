using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Segments;

/// <summary>
/// Puts files and the names in folders on the disk. The framework has no call for folders (NTFS journals names and needs none), and its call
/// for files keeps quiet when the disk says that it failed.
/// </summary>
public static partial class DiskSync
{
    private const int ReadOnlyCloseOnExec = 0x80000;
    private const int Interrupted = 4;

    /// <summary>What was written to the file is on the disk when it returns.</summary>
    /// <exception cref="IOException">The disk has failed; what was written since the last sync may be lost.</exception>
    public static void File(SafeFileHandle file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (OperatingSystem.IsWindows())
        {
#pragma warning disable RS0030 // On Windows it does say when it fails.
            RandomAccess.FlushToDisk(file);
#pragma warning restore RS0030
            return;
        }

        while ((OperatingSystem.IsLinux() ? Fdatasync(file) : Fsync(file)) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted) throw Failure("a file that was written");
        }
    }

    /// <summary>The names in the folder are on the disk when it returns.</summary>
    /// <exception cref="IOException">The disk has failed, or there is no such folder.</exception>
    public static void Folder(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        var descriptor = Open(path, ReadOnlyCloseOnExec);
        if (descriptor < 0) throw Failure(path);
        using var folder = new SafeFileHandle(descriptor, ownsHandle: true);
        if (Fsync(folder) < 0) throw Failure(path);
    }

    private static IOException Failure(string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new($"{Marshal.GetPInvokeErrorMessage(error)}: '{path}'", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    /// <summary>With the length of the file, and all else that reading it needs; its times may come later.</summary>
    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int Fdatasync(SafeFileHandle descriptor);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(SafeFileHandle descriptor);
}
