using Holdfast.Core.Auditing;
using Holdfast.Core.Backups;
using Holdfast.Core.Problems;
using Holdfast.Node.Hosting;
using Holdfast.Node.Packages;
using Holdfast.Node.State;
using Holdfast.Platform;
using Holdfast.Storage;
using Holdfast.Storage.Sqlite;
using Holdfast.Telemetry.Auditing;

namespace Holdfast.Node.Backups;

/// <summary>Makes a checked backup into a home: packages bound anew to their files, a store that nobody takes for the one it was, and the record of it.</summary>
internal sealed class StagedHome(RestoreStaging staging, CheckedBackup backup, RestoreOrder order, TimeProvider time)
{
    private static readonly SqliteOptions Options = new() { SyncFolder = DurableFolder.Sync };

    private readonly List<string> warnings = [.. backup.Open.Manifest.Missing.Select(BackupWords.Missing), .. backup.Refused.Select(one => BackupWords.LeftOut(one.Key, one.Value))];

    /// <summary>All but where the former home went. After it everything is on disk.</summary>
    /// <param name="receipt">Of the backup.</param>
    /// <param name="lastIncarnation">Of the store that was in the place; 0: there was none.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task<Outcome<RestoreReceipt>> CompleteAsync(BackupReceipt receipt, long lastIncarnation, CancellationToken cancel)
    {
        var packages = await PackagesAsync(cancel);
        if (!packages.TryGet(out var admitted))
            return Outcome.Failed<RestoreReceipt>(packages.Problems);
        var restored = SqliteBackup.Restore(Path.Combine(staging.Folder, BackupPaths.Store), staging.Home.Store, Options, lastIncarnation)
            .Then(identity => FolderRights.Set(staging.Home.Store, DurableFile.OwnerOnly).Then(_ => Outcome.Of(identity)));
        if (!restored.TryGet(out var store))
            return Outcome.Failed<RestoreReceipt>(restored.Problems);
        var services = await ServicesAsync(admitted, cancel);
        if (!services.TryGet(out var names))
            return Outcome.Failed<RestoreReceipt>(services.Problems);
        var recorded = Record(receipt, store);
        if (!recorded.IsOk)
            return Outcome.Failed<RestoreReceipt>(recorded.Problems);
        SyncFolders(staging.Home.Path);
        return new RestoreReceipt { Backup = receipt, Services = names, Incarnation = store.Incarnation, Warnings = warnings };
    }

    private async Task<Outcome<PackageStore>> PackagesAsync(CancellationToken cancel)
    {
        var wanted = backup.Open.Manifest.Files.Where(file => BackupPaths.DigestOf(file.Path) is { } digest && !backup.Refused.ContainsKey(digest)).ToList();
        foreach (var file in wanted)
        {
            var written = RestoredFile.Write(backup.Open, file, Path.Combine(staging.Home.Path, file.Path.Replace('/', Path.DirectorySeparatorChar)), cancel);
            if (!written.IsOk)
                return Outcome.Failed<PackageStore>(written.Problems);
        }

        var opened = HomeFolders.Ensure(staging.Home).Then(_ => PackageStore.Open(staging.Home, time, FileFactsReader.ReadEntry));
        if (!opened.TryGet(out var packages))
            return opened;
        foreach (var digest in wanted.Select(file => BackupPaths.DigestOf(file.Path)!).Distinct())
        {
            // Inodes and times are others now. The digests are read from the disk once more before they are bound to them.
            var folder = FolderRights.Set(Path.Combine(staging.Home.Packages, Core.Packages.PackageDigest.ToFolderName(digest)), FolderRights.Public);
            var rebound = folder.IsOk ? await packages.RebindAsync(digest, cancel) : Outcome.Failed<AdmittedPackage>(folder.Problems);
            if (!rebound.IsOk)
                return Outcome.Failed<PackageStore>(rebound.Problems);
        }

        return packages;
    }

    /// <summary>The services' names. What hinders one of them is a warning: it hinders no other.</summary>
    private async Task<Outcome<IReadOnlyList<string>>> ServicesAsync(PackageStore packages, CancellationToken cancel)
    {
        var opened = SqliteStore.Open(staging.Home.Store, Options, time);
        if (!opened.TryGet(out var store))
            return Outcome.Failed<IReadOnlyList<string>>(opened.Problems);
        await using (store)
        {
            var catalog = new ServiceCatalog(store, time);
            var listed = await catalog.ListAsync(cancel);
            if (!listed.TryGet(out var listing))
                return Outcome.Failed<IReadOnlyList<string>>(listed.Problems);
            warnings.AddRange(listing.Damaged.Select(problem => problem.ToString()));
            var releases = await new WantedReleases(catalog).OfAsync(listing.Entries, cancel);
            if (!releases.TryGet(out var wanted))
                return Outcome.Failed<IReadOnlyList<string>>(releases.Problems);
            var contents = new ReleaseContents(packages);
            var executables = new HostExecutables(staging.Home, packages);
            foreach (var (service, release) in wanted.OrderBy(one => one.Key, StringComparer.Ordinal))
            {
                var spec = release.Then(contents.Spec);
                if (!spec.IsOk)
                {
                    warnings.Add(BackupWords.Service(service, spec.Problems[0]));
                    continue;
                }

                var pinned = await executables.AdmitAsync(spec.Value, cancel);
                warnings.AddRange(pinned.Problems.Select(problem => BackupWords.HostExecutable(service, problem)));
            }

            return Outcome.Of<IReadOnlyList<string>>([.. wanted.Keys.Order(StringComparer.Ordinal)]);
        }
    }

    /// <summary>
    /// The record and the effect are one: it stands in the log of the home that one rename puts in place. The backup's own entry, whose
    /// outcome is later than the log in it, gets its outcome: it is what was restored.
    /// </summary>
    private Outcome<Done> Record(BackupReceipt receipt, StoreIdentity store)
    {
        var manifest = receipt.Manifest;
        var opened = NodeAudit.Continue(staging.Home, manifest.Node, time);
        if (!opened.TryGet(out var log))
            return Outcome.Failed<Done>(opened.Problems);
        using (log)
        {
            var restore = new AuditRecord
            {
                Actor = order.Actor,
                Action = "restore",
                Target = manifest.Node,
                Outcome = AuditOutcome.Intended,
                Operation = Guid.NewGuid().ToString("n"),
                Details = new Dictionary<string, string>(receipt.Details)
                {
                    ["madeAt"] = manifest.CreatedAt.ToString("O"),
                    ["madeBy"] = manifest.CreatedBy,
                    ["file"] = order.File,
                    ["home"] = order.Home.Path,
                    ["incarnation"] = $"{store.Incarnation}",
                    ["clusterId"] = store.ClusterId,
                    ["leftOut"] = string.Join(", ", backup.Refused.Keys),
                },
            };
            var closing = new AuditRecord
            {
                Actor = manifest.CreatedBy,
                Action = BackupService.Action,
                Target = manifest.Node,
                Outcome = AuditOutcome.Done,
                Operation = manifest.Operation,
                Details = new Dictionary<string, string>(receipt.Details) { ["reason"] = "this log goes on from that backup" },
            };
            return log.Append(closing).Then(_ => log.Append(restore)).Then(_ => log.Append(restore with { Outcome = AuditOutcome.Done })).Then(_ => Outcome.Done);
        }
    }

    private static void SyncFolders(string folder)
    {
        foreach (var inner in Directory.EnumerateDirectories(folder)) SyncFolders(inner);
        DurableFolder.Sync(folder);
    }
}
