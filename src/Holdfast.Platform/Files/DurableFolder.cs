using Holdfast.Core.Problems;

namespace Holdfast.Platform;

/// <summary>What a folder lists, kept over a power cut.</summary>
public static class DurableFolder
{
    public const string UnfinishedSuffix = ".unfinished";

    /// <summary>Makes the creations, renames and removals in this folder durable (not the files' content).</summary>
    /// <exception cref="IOException">The disk failed, or there is no such folder.</exception>
    public static void Sync(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (OperatingSystem.IsLinux()) Linux.PosixDurableFile.SyncFolder(folder);
        else if (OperatingSystem.IsWindows()) Windows.Files.WindowsDurableFile.SyncFolder(folder);
        else throw Unsupported.Here("durable folders");
    }

    /// <summary>
    /// Makes all that is in this folder and below it durable, content and names. For folders of thousands of files: on Linux one call for the file system that
    /// they are on, where a call for each would take minutes.
    /// </summary>
    /// <exception cref="IOException">The disk failed, or there is no such folder.</exception>
    public static void SyncAll(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (OperatingSystem.IsLinux()) Linux.PosixDurableFile.SyncAll(folder);
        else if (OperatingSystem.IsWindows()) Windows.Files.WindowsDurableFile.SyncAll(folder);
        else throw Unsupported.Here("durable folders");
    }

    /// <summary>
    /// Removes what writers that died left unfinished in this folder (which need not exist). Call it where nobody else writes: when the
    /// folder's lock is taken.
    /// </summary>
    /// <returns>Or a problem <c>file.not-swept</c>: something is still there, and harms nobody.</returns>
    public static Outcome<Done> Sweep(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        try
        {
            if (!Directory.Exists(folder))
                return Outcome.Done;
            // Not by a pattern: on Windows a dot in one matches more than a dot, and this one nothing.
            foreach (var file in Directory.EnumerateFiles(folder))
            {
                if (Path.GetFileName(file.AsSpan()) is ['.', ..] name && name.EndsWith(UnfinishedSuffix, StringComparison.Ordinal))
                    File.Delete(file);
            }

            return Outcome.Done;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new Problem(ProblemKind.Failed, "file.not-swept", $"Cannot remove what was left unfinished in {folder}: {failure.Message}");
        }
    }
}
