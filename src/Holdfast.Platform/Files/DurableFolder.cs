namespace Holdfast.Platform;

/// <summary>What a folder lists, kept over a power cut.</summary>
public static class DurableFolder
{
    internal const string UnfinishedSuffix = ".unfinished";

    /// <summary>Makes the creations, renames and removals in this folder durable (not the files' content).</summary>
    /// <exception cref="IOException">The disk failed, or there is no such folder.</exception>
    public static void Sync(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!OperatingSystem.IsLinux())
            throw Unsupported.Here("durable folders");
        Linux.PosixDurableFile.SyncFolder(folder);
    }

    /// <summary>
    /// Removes what writers that died left unfinished in this folder. Call it where nobody else writes: when the folder's lock is taken.
    /// </summary>
    public static void Sweep(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
            return;
        foreach (var file in Directory.EnumerateFiles(folder, ".*" + UnfinishedSuffix))
            File.Delete(file);
    }
}
