using Holdfast.Platform;

namespace Holdfast.Delivery.Toolchains;

/// <summary>How the store of toolchains changes the disk. Every call, and every write to a stream, is a step that may fail, or be the last before a crash.</summary>
public interface IToolchainDisk
{
    /// <summary>With missing parents; one that is there stays.</summary>
    void MakeFolder(string path);

    /// <summary>A file that is not there yet.</summary>
    /// <param name="executable">Whether it may be run; Windows knows no such right.</param>
    Stream Create(string path, bool executable);

    /// <summary>The end of a file, which is made where there is none.</summary>
    Stream Append(string path);

    /// <summary>Whether it was there or not.</summary>
    void DeleteFile(string path);

    void DeleteFolder(string path);

    /// <summary>A folder to a name in the same folder that nobody has.</summary>
    void MoveFolder(string from, string to);

    /// <summary>What is in the folder and below it survives a power cut from now on.</summary>
    void SyncAll(string folder);

    /// <summary>The same for the names in it.</summary>
    void SyncFolder(string folder);
}

/// <summary>The real one.</summary>
public sealed class ToolchainDisk : IToolchainDisk
{
    private const UnixFileMode ReadByAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode RunByAll = ReadByAll | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public void MakeFolder(string path) => Directory.CreateDirectory(path);

    public Stream Create(string path, bool executable)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = executable ? RunByAll : ReadByAll;
        return new FileStream(path, options);
    }

    public Stream Append(string path) => new FileStream(path, new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, BufferSize = 0 });

    public void DeleteFile(string path) => File.Delete(path);

    public void DeleteFolder(string path) => Directory.Delete(path, recursive: true);

    public void MoveFolder(string from, string to) => Directory.Move(from, to);

    public void SyncAll(string folder) => DurableFolder.SyncAll(folder);

    public void SyncFolder(string folder) => DurableFolder.Sync(folder);
}
