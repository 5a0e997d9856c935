using System.Security.Cryptography;
using Holdfast.Core.Packages;
using Holdfast.Packaging.Zip;

namespace Holdfast.Packaging.Building;

/// <summary>A file that was read once: what the manifest and the archive need to know before its content is written.</summary>
internal sealed record MeasuredFile(string Digest, long Size, uint Crc, FileNature Nature)
{
    private const int BufferBytes = 1 << 17;

    public static MeasuredFile Measure(string source)
    {
        using var stream = new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferBytes];
        var crc = Crc32.Start();
        long size = 0;
        FileNature? nature = null;
        for (int read; (read = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)) > 0;)
        {
            var part = buffer.AsSpan(0, read);
            nature ??= FileNature.Of(part[..Math.Min(read, FileNature.SampleBytes)]);
            hash.AppendData(part);
            crc.Append(part);
            size += read;
        }

        return new(PackageDigest.FromHash(hash.GetHashAndReset()), size, crc.Value, nature ?? new(false, false));
    }
}
