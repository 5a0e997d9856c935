using System.Security.Cryptography;
using Holdfast.Core.Backups;
using Holdfast.Node.Packages;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Node.Backups;

/// <summary>A file on its way into a backup: its digest is known before its first byte is written.</summary>
/// <param name="File">As the manifest names it.</param>
/// <param name="Open">A stream of the content, which may have changed: who writes it digests it again.</param>
internal sealed record BackupContent(BackupFile File, Func<Stream> Open)
{
    private const UnixFileMode Usual = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OfOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    public static BackupContent Of(string path, byte[] content) =>
        new(new(path, Convert.ToHexStringLower(SHA256.HashData(content)), content.Length, Text(Usual)), () => new MemoryStream(content, writable: false));

    /// <exception cref="IOException">It cannot be read.</exception>
    public static BackupContent OfFile(string path, string file, CancellationToken cancel) =>
        new(new(path, FileDigest.Of(file, cancel), new FileInfo(file).Length, Text(ModeOf(file))), () => OpenFile(file));

    /// <summary>A file whose digest is known already.</summary>
    public static BackupContent Known(string path, string file, string sha256, long size) => new(new(path, sha256, size, Text(Usual)), () => OpenFile(file));

    /// <summary>The first bytes of an open file.</summary>
    public static BackupContent OfPrefix(string path, SafeFileHandle handle, long length, CancellationToken cancel)
    {
        using var prefix = new PrefixStream(handle, length);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        for (int read; (read = prefix.Read(buffer)) > 0;)
        {
            cancel.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
        }

        return new(new(path, Convert.ToHexStringLower(hash.GetHashAndReset()), length, Text(Usual | UnixFileMode.GroupRead)), () => new PrefixStream(handle, length));
    }

    public static string Text(UnixFileMode mode) => Convert.ToString((int)(mode & ~OfOthers) & 0x1FF, 8).PadLeft(4, '0');

    private static UnixFileMode ModeOf(string file) => OperatingSystem.IsWindows() ? Usual : System.IO.File.GetUnixFileMode(file);

    private static FileStream OpenFile(string file) => new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
}
