using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Reading;

namespace Holdfast.Node.Packages;

/// <summary>From a verified, unpacked package to the record of its admission.</summary>
internal static class RecordMaking
{
    public static Outcome<AdmissionRecord> Of(VerifiedPackage package, Func<string, FileFacts?> look, DateTimeOffset now)
    {
        List<Problem> problems = [];
        var files = package.Files
            .Select(f => new AdmittedFile(f.Path, PackageDigest.HexOf(f.Digest), f.Mode, f.Access, Look(f.Path, look, problems)))
            .ToList();
        var folders = PackageFolders.Of(package.Files.Select(f => f.Path)).Select(p => new AdmittedFolder(p, Look(p, look, problems))).ToList();
        if (problems.Count > 0) return problems;
        return new AdmissionRecord
        {
            Digest = package.Digest,
            Service = package.Name,
            Version = package.Version,
            Signers = package.Signers,
            AdmittedAt = now,
            Files = files,
            Folders = folders,
        };
    }

    private static FileFacts Look(string path, Func<string, FileFacts?> look, List<Problem> problems)
    {
        var facts = look(path);
        if (facts is { WritableByOthers: false }) return facts;
        problems.Add(new(ProblemKind.Failed, "admission.unpacked", $"'{path}' is not there, or can be written by others, right after it was unpacked")
        {
            Why = "something else changes the store, or the file system does not keep rights",
            Mend = "put the home on a local file system that only the agent writes",
        });
        return new(0, 0, 0, 0, false);
    }
}
