using Holdfast.Core.Packages;

namespace Holdfast.Platform;

/// <summary>Reads what binds an admitted file to its digest (law 1).</summary>
public static class FileFactsReader
{
    /// <summary>
    /// From now on a file that this process's own account may write is writable by others: for a process that runs under a service's account, which is
    /// not to change what it runs. On Windows only; and an administrator's account stays trusted, as nothing is kept from it.
    /// </summary>
    public static void DistrustOwnAccount()
    {
        if (OperatingSystem.IsWindows()) Windows.Files.AccessList.DistrustOwn = true;
    }

    /// <summary>Null when there is no regular file at that path; a symbolic link is not followed, so it is none.</summary>
    public static FileFacts? Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return OperatingSystem.IsLinux() ? Linux.PosixFileFacts.Read(path)
            : OperatingSystem.IsWindows() ? Windows.Files.WindowsFileFacts.Read(path)
            : throw Unsupported.Here("file facts");
    }

    /// <summary>As <see cref="Read"/>, and for folders too: what is added to or removed from one changes its facts.</summary>
    public static FileFacts? ReadEntry(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return OperatingSystem.IsLinux() ? Linux.PosixFileFacts.ReadEntry(path)
            : OperatingSystem.IsWindows() ? Windows.Files.WindowsFileFacts.ReadEntry(path)
            : throw Unsupported.Here("file facts");
    }

    /// <summary>What <see cref="Admission.Check(AdmissionRecord, Func{string, FileFacts?})"/> asks: package paths, looked up under this folder.</summary>
    public static Func<string, FileFacts?> Under(string folder) =>
        path => ReadEntry(path.Length == 0 ? folder : Path.Combine(folder, path.Replace('/', Path.DirectorySeparatorChar)));

    /// <summary>The nearest folder above a file in which another account could put a different file in its place; null when there is none.</summary>
    public static string? OpenFolderAbove(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return OperatingSystem.IsLinux() ? Linux.PosixFileFacts.OpenFolderAbove(path)
            : OperatingSystem.IsWindows() ? Windows.Files.WindowsFileFacts.OpenFolderAbove(path)
            : throw Unsupported.Here("file facts");
    }

    /// <summary>Where a path leads when every link at its end is followed; the path itself when it is no link; null: nowhere.</summary>
    public static string? Resolve(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
