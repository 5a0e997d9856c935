using Holdfast.Core.Sources;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform;

/// <summary>An open file that somebody else writes, renames, empties and deletes meanwhile. Its members throw IOException and UnauthorizedAccessException.</summary>
public sealed class WrittenFile : IDisposable
{
    private readonly SafeFileHandle handle;

    internal WrittenFile(SafeFileHandle handle, FileIdentity identity) => (this.handle, Identity) = (handle, identity);

    public FileIdentity Identity { get; }

    /// <summary>In bytes, as it is now.</summary>
    public long Length => RandomAccess.GetLength(handle);

    /// <summary>Its name is not free before everybody has let go of it (Windows).</summary>
    public bool IsDeletePending => OperatingSystem.IsWindows() && Windows.Files.WindowsWrittenFolder.IsDeletePending(handle);

    /// <summary>As far as the file goes; the number of bytes read.</summary>
    public int Read(long offset, Span<byte> bytes)
    {
        var total = 0;
        while (total < bytes.Length)
        {
            var read = RandomAccess.Read(handle, bytes[total..], offset + total);
            if (read == 0) break;
            total += read;
        }

        return total;
    }

    public void Dispose() => handle.Dispose();
}
