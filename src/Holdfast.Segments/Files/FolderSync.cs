using System.Runtime.InteropServices;

namespace Holdfast.Segments.Files;

/// <summary>Puts the names in a folder on the disk. The framework has no call for it; NTFS journals names and needs none.</summary>
internal static partial class FolderSync
{
    private const int ReadOnlyCloseOnExec = 0x80000;

    public static void Sync(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        var descriptor = Open(path, ReadOnlyCloseOnExec);
        if (descriptor < 0) throw Failure(path);
        try
        {
            if (Fsync(descriptor) < 0) throw Failure(path);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failure(string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new($"{Marshal.GetPInvokeErrorMessage(error)}: '{path}'", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
