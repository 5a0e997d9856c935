using System.Security.Cryptography;
using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Content;
using Holdfast.Packaging.Zip;

namespace Holdfast.Packaging.Reading;

/// <summary>Whether a blob is what its name says.</summary>
internal static class BlobCheck
{
    public const int BufferBytes = 1 << 18;

    public static Problem? Run(PackageBytes bytes, ZipEntry entry, string digest, string name, Stream? target, byte[] buffer, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (long done = 0; done < entry.Size;)
        {
            cancel.ThrowIfCancellationRequested();
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, entry.Size - done));
            if (!bytes.Read(entry.DataOffset + done, part)) return ZipProblems.Shrunk();
            hash.AppendData(part);
            target?.Write(part);
            done += part.Length;
        }

        return PackageDigest.FromHash(hash.GetHashAndReset()) == digest ? null : Mismatch(name);
    }

    public static Problem Mismatch(string name) => new(ProblemKind.Refused, "package.digest-mismatch", $"{ZipProblems.Shown(name)} is not what the manifest says: its digest differs")
    {
        Why = "it was changed after it was packed, or damaged on the way",
        Mend = "copy the package again from where it was built and signed",
    };
}
