using System.Security.Cryptography;
using System.Text;

namespace Holdfast.Core.Packages;

/// <summary>What names the content of a folder of the host whose programs run where they lie: its files, not where it is.</summary>
public static class PinnedContent
{
    /// <summary>The form of <see cref="PackageDigest"/>: the same files with the same rights have the same digest.</summary>
    public static string DigestOf(IEnumerable<AdmittedFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("pinned\n"u8);
        foreach (var file in files.OrderBy(file => file.Path, StringComparer.Ordinal))
            hash.AppendData(Encoding.UTF8.GetBytes($"{file.Sha256} {file.Mode} {file.Path}\n"));
        return $"sha256:{Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }
}
