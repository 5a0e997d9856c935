using System.Runtime.InteropServices;

namespace Holdfast.Platform.Tests.Files;

/// <summary>A real full disk: a tmpfs of one page, which needs root to mount.</summary>
public sealed partial class DiskFullTests
{
    [Fact]
    public void Law11_a_full_disk_leaves_the_old_file_whole_and_nothing_unfinished()
    {
        if (!Environment.IsPrivilegedProcess)
            return; // DurableFileTests covers the failing paths that need no mount.
        using var folder = new Folder();
        if (Mount("tmpfs", folder.Path, "tmpfs", 0, "size=64k") != 0)
            return; // A container that forbids mounting.
        try
        {
            Assert.True(DurableFile.Write(folder["state"], "old"u8).IsOk);
            var failed = DurableFile.Write(folder["state"], new byte[1 << 20]);
            Assert.Equal("file.no-space", failed.Problems[0].Rule);
            Assert.Equal("old", File.ReadAllText(folder["state"]));
            Assert.Equal([folder["state"]], Directory.GetFileSystemEntries(folder.Path));
            Assert.True(DurableFile.Write(folder["state"], "new"u8).IsOk);
        }
        finally
        {
            Unmount(folder.Path);
        }
    }

    [LibraryImport("libc", EntryPoint = "mount", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mount(string source, string target, string kind, ulong flags, string data);

    [LibraryImport("libc", EntryPoint = "umount", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unmount(string target);
}
