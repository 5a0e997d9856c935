using System.Security.Cryptography;

namespace Holdfast.Node.Packages;

internal static class FileDigest
{
    private const int BufferBytes = 1 << 18;

    /// <summary>SHA-256 of a file's content, 64 lower-case hexadecimal digits.</summary>
    public static string Of(string path, CancellationToken cancel)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferBytes];
        for (int read; (read = file.Read(buffer)) > 0;)
        {
            cancel.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
