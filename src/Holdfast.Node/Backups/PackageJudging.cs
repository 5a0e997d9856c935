using Holdfast.Core.Backups;
using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Reading;
using Holdfast.Packaging.Trust;

namespace Holdfast.Node.Backups;

/// <summary>
/// Whether what describes a package is still what was admitted: the record's seal is the node's, the manifest has the package's digest, the
/// signatures satisfy the policy, and the record names the manifest's files. The files themselves are digested by who reads them.
/// </summary>
internal static class PackageJudging
{
    /// <param name="digest">The package.</param>
    /// <param name="description">Content by path in the package's folder: documents and signatures.</param>
    /// <param name="key">The node key.</param>
    /// <param name="policy">Or why there is none.</param>
    /// <param name="now">For what the policy withdraws.</param>
    public static Outcome<AdmissionRecord> Judge(string digest, IReadOnlyDictionary<string, byte[]> description, byte[] key, Outcome<TrustPolicy> policy, DateTimeOffset now)
    {
        foreach (var needed in (string[])[AdmissionRecords.FileName, "manifest.json", "holdfast.yaml"])
        {
            if (!description.ContainsKey(needed)) return BackupProblems.PackageIsOther(digest, $"its {needed} is missing");
        }

        var opened = AdmissionRecords.Open(description[AdmissionRecords.FileName], key);
        if (!opened.TryGet(out var record)) return opened;
        if (record.Digest != digest) return BackupProblems.PackageIsOther(digest, $"its admission record is of {record.Digest}");
        var unpacked = PackageContents.Unpacked(description);
        if (unpacked.Digest != digest) return BackupProblems.PackageIsOther(digest, $"its manifest has the digest {unpacked.Digest}");
        return policy.Then(trusted => unpacked.Judge(trusted, now, record.AdmittedAt)).Then(verified => Same(record, verified)
            ? record
            : Outcome.Failed<AdmissionRecord>([BackupProblems.PackageIsOther(digest, "its admission record does not name the files of its manifest")]));
    }

    private static bool Same(AdmissionRecord record, VerifiedPackage package) =>
        record.Service == package.Name
        && record.Files.Select(file => (file.Path, PackageDigest.Prefix + file.Sha256, file.Mode, file.Access)).Order()
            .SequenceEqual(package.Files.Select(file => (file.Path, file.Digest, file.Mode, file.Access)).Order());
}
