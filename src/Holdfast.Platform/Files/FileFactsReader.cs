using Holdfast.Core.Packages;

namespace Holdfast.Platform;

/// <summary>Reads what binds an admitted file to its digest (law 1).</summary>
public static class FileFactsReader
{
    /// <summary>Null when there is no regular file at that path; a symbolic link is not followed, so it is none.</summary>
    public static FileFacts? Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return OperatingSystem.IsLinux() ? Linux.PosixFileFacts.Read(path) : throw Unsupported.Here("file facts");
    }
}
