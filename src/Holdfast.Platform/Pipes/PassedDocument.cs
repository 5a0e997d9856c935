using Holdfast.Platform.Linux;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform;

/// <summary>A document that is only in memory, to be passed to a child or to this process's next image: it never reaches a disk.</summary>
public sealed class PassedDocument : IDisposable
{
    private readonly SafeFileHandle handle;

    internal PassedDocument(SafeFileHandle handle) => this.handle = handle;

    /// <summary>To pass on. Whoever gets it reads from the beginning.</summary>
    public SafeFileHandle Handle => handle;

    /// <exception cref="IOException">No memory or no descriptor is left.</exception>
    public static PassedDocument Create(ReadOnlySpan<byte> content) =>
        OperatingSystem.IsLinux() ? new(PosixMemoryFile.Create(content)) : throw Unsupported.Here("documents in memory");

    /// <summary>What was passed under this descriptor, whole.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static byte[] Read(SafeFileHandle passed)
    {
        ArgumentNullException.ThrowIfNull(passed);
        var content = new byte[RandomAccess.GetLength(passed)];
        for (var at = 0; at < content.Length;)
        {
            var count = RandomAccess.Read(passed, content.AsSpan(at), at);
            if (count == 0) throw new IOException("it ends before its end");
            at += count;
        }

        return content;
    }

    public void Dispose() => handle.Dispose();
}
