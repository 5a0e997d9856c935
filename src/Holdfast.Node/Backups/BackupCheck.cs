using Holdfast.Core.Auditing;
using Holdfast.Core.Backups;
using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Trust;
using Holdfast.Platform;
using Holdfast.Storage.Sqlite;
using Holdfast.Telemetry.Auditing;

namespace Holdfast.Node.Backups;

/// <summary>A backup that was found whole, and what its policy does not admit any more.</summary>
/// <param name="Refused">Packages by digest, each with the policy's first reason.</param>
internal sealed record CheckedBackup(OpenBackup Open, IReadOnlyDictionary<string, Problem> Refused);

/// <summary>
/// Everything that is checked before anything is restored: every digest, the store, the audit chain, every package. What has to lie
/// in files for that is laid out in a scratch folder, which is the caller's.
/// </summary>
internal sealed class BackupCheck(OpenBackup backup, TimeProvider time)
{
    private static readonly SqliteOptions Options = new() { SyncFolder = DurableFolder.Sync };

    /// <param name="scratch">A folder that only we read: <c>store.db</c> comes to lie in it, and under <c>home</c> what is no package.</param>
    /// <param name="keysToo">Private keys are laid out as well.</param>
    /// <param name="cancel">Ends it.</param>
    public Outcome<CheckedBackup> Run(string scratch, bool keysToo, CancellationToken cancel)
    {
        var home = new Home(Path.Combine(scratch, "home"));
        var copy = Path.Combine(scratch, BackupPaths.Store);
        return backup.CheckContent(cancel)
            .Then(_ => LayOut(home, copy, keysToo, cancel))
            .Then(_ => Store(copy))
            .Then(_ => Audit(home, cancel))
            .Then(_ => Packages(home, cancel));
    }

    private Outcome<Done> LayOut(Home home, string copy, bool keysToo, CancellationToken cancel)
    {
        foreach (var file in backup.Manifest.Files.Where(file => BackupPaths.DigestOf(file.Path) is null && (keysToo || !IsPrivate(file))))
        {
            var laid = RestoredFile.Write(backup, file, file.Path == BackupPaths.Store ? copy : Path.Combine(home.Path, file.Path.Replace('/', Path.DirectorySeparatorChar)), cancel);
            if (!laid.IsOk) return laid;
        }

        return Outcome.Done;
    }

    private Outcome<Done> Store(string copy) => SqliteBackup.Describe(copy, Options).Then(found =>
    {
        var named = backup.Manifest.Store;
        return (found.Identity.ClusterId, found.Identity.Incarnation, found.Revision) == (named.ClusterId, named.Incarnation, named.Revision)
            ? Outcome.Done
            : BackupProblems.StoreIsOther($"it is {found.Identity.ClusterId} ({found.Identity.Incarnation}) at revision {found.Revision}");
    });

    private Outcome<Done> Audit(Home home, CancellationToken cancel)
    {
        var head = new AuditHead(backup.Manifest.Audit.Sequence, backup.Manifest.Audit.Hash);
        return AuditVerifier.Verify(home.Audit, [head], cancel).Then(verdict =>
        {
            if (!verdict.Whole) return BackupProblems.AuditIsOther(verdict.Findings[0].What);
            return verdict.Head == head ? Outcome.Done : BackupProblems.AuditIsOther($"It ends with entry {verdict.Head.Sequence}, and its manifest says {head.Sequence}.");
        });
    }

    private Outcome<CheckedBackup> Packages(Home home, CancellationToken cancel)
    {
        var byPackage = backup.Manifest.Files.Where(file => BackupPaths.DigestOf(file.Path) is not null).ToLookup(file => BackupPaths.DigestOf(file.Path)!);
        var refused = new Dictionary<string, Problem>(StringComparer.Ordinal);
        if (byPackage.Count == 0) return new CheckedBackup(backup, refused);
        if (backup.Content("keys/" + SealedDocument.KeyFile, cancel) is not { Length: SealedDocument.KeyLength } key)
            return BackupProblems.PackageIsOther(byPackage.First().Key, "the node key is not in the backup, so no admission can be believed");
        var policy = TrustPolicy.Load(home.TrustPolicy);
        var problems = new List<Problem>();
        foreach (var package in byPackage.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            var judged = Package(package.Key, [.. package], key, policy, cancel);
            if (judged.IsOk) continue;
            if (judged.Problems[0].Kind == ProblemKind.Refused) refused[package.Key] = judged.Problems[0];
            else problems.AddRange(judged.Problems);
        }

        return problems.Count == 0 ? new CheckedBackup(backup, refused) : problems;
    }

    private Outcome<AdmissionRecord> Package(string digest, IReadOnlyList<BackupFile> files, byte[] key, Outcome<TrustPolicy> policy, CancellationToken cancel)
    {
        var folder = BackupPaths.FolderOf(digest);
        var within = files.ToDictionary(file => file.Path[folder.Length..], StringComparer.Ordinal);
        const string content = "files/";
        var described = within.Where(one => !one.Key.StartsWith(content, StringComparison.Ordinal)).ToDictionary(one => one.Key, one => backup.Content(one.Value.Path, cancel) ?? [], StringComparer.Ordinal);
        return PackageJudging.Judge(digest, described, key, policy, time.GetUtcNow()).Then(record =>
            record.Files.Select(file => (content + file.Path, file.Sha256)).Order().SequenceEqual(within.Where(one => !described.ContainsKey(one.Key)).Select(one => (one.Key, one.Value.Sha256)).Order())
                ? record
                : Outcome.Failed<AdmissionRecord>([BackupProblems.PackageIsOther(digest, "the backup does not hold the files that were admitted")]));
    }

    /// <summary>Checking needs none of them in a file.</summary>
    private static bool IsPrivate(BackupFile file) => file.Path.StartsWith("keys/", StringComparison.Ordinal) && (Path.GetExtension(file.Path) is ".key" or ".pfx" or ".p12" || file.Path == "keys/pki/node.pem");
}
