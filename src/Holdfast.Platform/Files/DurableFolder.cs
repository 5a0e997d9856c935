namespace Holdfast.Platform;

/// <summary>What a folder lists, kept over a power cut.</summary>
public static class DurableFolder
{
    /// <summary>Makes the creations, renames and removals in this folder durable (not the files' content).</summary>
    /// <exception cref="IOException">The disk failed, or there is no such folder.</exception>
    public static void Sync(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!OperatingSystem.IsLinux())
            throw Unsupported.Here("durable folders");
        Linux.PosixDurableFile.SyncFolder(folder);
    }
}
