using Holdfast.Core.Sources;

namespace Holdfast.Platform;

/// <summary>
/// A folder that somebody else writes, who may be hostile: what stands in it is entered and opened by its name from here, so that a folder that is exchanged for a link, or a link, leads
/// nowhere. Opening waits for nobody and is in nobody's way.
/// </summary>
public abstract class WrittenFolder : IDisposable
{
    /// <summary>Null: there is no such folder. Throws IOException and UnauthorizedAccessException.</summary>
    /// <param name="path">Believed to lead where it should: nobody but administrators can exchange a part of it.</param>
    public static WrittenFolder? Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return OperatingSystem.IsLinux() ? Linux.PosixWrittenFolder.OpenRoot(path)
            : OperatingSystem.IsWindows() ? Windows.Files.WindowsWrittenFolder.OpenRoot(path)
            : throw Unsupported.Here("folders of services");
    }

    /// <summary>Of all that stands in it, in no order. Throws IOException and UnauthorizedAccessException.</summary>
    public abstract IEnumerable<string> Names();

    /// <summary>What stands there; a link is not followed. Null: nothing.</summary>
    public abstract WrittenEntry? Look(string name);

    /// <summary>Null: there is no folder of that name, or it is a link. Throws IOException and UnauthorizedAccessException.</summary>
    public abstract WrittenFolder? Enter(string name);

    /// <summary>Null: there is no regular file of that name, or it is a link. Throws IOException and UnauthorizedAccessException.</summary>
    public abstract WrittenFile? OpenFile(string name);

    public abstract void Dispose();
}

public enum WrittenKind
{
    /// <summary>A pipe, a device, a socket: nothing to be read.</summary>
    Other,
    File,
    Folder,
    Link,
}

/// <param name="Length">In bytes.</param>
/// <param name="Stamp">Of its last change, in what the file system counts.</param>
public readonly record struct WrittenEntry(WrittenKind Kind, FileIdentity Identity, long Length, long Stamp);
