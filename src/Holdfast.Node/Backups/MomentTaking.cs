using Holdfast.Core.Problems;
using Holdfast.Node.Operations;
using Holdfast.Node.Packages;
using Holdfast.Node.State;
using Holdfast.Platform;
using Holdfast.Storage;
using Holdfast.Storage.Sqlite;
using Holdfast.Telemetry.Auditing;

namespace Holdfast.Node.Backups;

/// <summary>
/// Takes the moment of a backup. The order makes it consistent: while no change is accepted, which packages are named, then the copy of
/// the store, then where the audit log has got to. Services, restarts and operations under way go on meanwhile; an entry is written before
/// its change, so the log holds at least what the copy does.
/// </summary>
internal sealed class MomentTaking(Home home, ServiceCatalog catalog, PackageStore packages, AuditLog audit, ChangeGate gate)
{
    private static readonly SqliteOptions Options = new() { SyncFolder = DurableFolder.Sync };

    public async Task<Outcome<BackupMoment>> TakeAsync(string operation, CancellationToken cancel)
    {
        var frozen = await FreezeAsync(operation, cancel);
        if (!frozen.TryGet(out var moment))
            return Outcome.Failed<BackupMoment>(frozen.Problems);
        // Changes are accepted again; what is named is held.
        var (whole, missing) = Look(moment.Named);
        return new BackupMoment(moment.Copy, moment.Store, moment.Audit, whole, missing, moment.Hold);
    }

    private async Task<Outcome<Frozen>> FreezeAsync(string operation, CancellationToken cancel)
    {
        using var turn = await gate.EnterAsync(cancel);
        var named = await NamedAsync(cancel);
        if (!named.TryGet(out var names))
            return Outcome.Failed<Frozen>(named.Problems);
        var copy = Path.Combine(home.Incoming, $"backup-{operation}.db");
        var hold = packages.Hold(names.All);
        var frozen = SqliteBackup.Write(home.Store, copy, Options)
            .Then(_ => FolderRights.Set(copy, DurableFile.OwnerOnly))
            .Then(_ => SqliteBackup.Describe(copy, Options))
            .Then(store => audit.Freeze().Then(log => Outcome.Of(new Frozen(copy, store, log, names, hold))));
        if (frozen.IsOk)
            return frozen;
        hold.Dispose();
        File.Delete(copy);
        return frozen;
    }

    /// <summary>A package that is not whole could not be restored; one that nobody wants any more is not missed.</summary>
    private (IReadOnlyList<AdmittedPackage> Whole, IReadOnlyList<string> Missing) Look(Names names)
    {
        var checks = names.All.Order(StringComparer.Ordinal).Select(digest => (Digest: digest, Found: packages.Check(digest))).ToList();
        return ([.. checks.Where(one => one.Found.IsOk).Select(one => one.Found.Value)],
            [.. checks.Where(one => !one.Found.IsOk && names.Wanted.Contains(one.Digest)).Select(one => one.Digest)]);
    }

    private async Task<Outcome<Names>> NamedAsync(CancellationToken cancel)
    {
        var listed = await catalog.ListAsync(cancel);
        if (!listed.TryGet(out var listing))
            return Outcome.Failed<Names>(listed.Problems);
        var releases = await catalog.ListReleasesAsync(wanted: null, cancel);
        if (!releases.TryGet(out var read))
            return Outcome.Failed<Names>(releases.Problems);
        var all = read.Found.Select(release => release.Value.PackageDigest).ToHashSet(StringComparer.Ordinal);
        // Which packages a document needs that cannot be read, nobody knows: then all are taken.
        if (listing.Damaged.Count + read.Damaged.Count > 0)
            all.UnionWith(packages.List().Select(package => package.Digest));
        var numbers = listing.Entries.Select(entry => (entry.Service.Value.Name, entry.Service.Value.Release)).ToHashSet();
        var wanted = read.Found.Select(release => release.Value).Where(release => numbers.Contains((release.Service, release.Number))).Select(release => release.PackageDigest);
        return new Names(all, wanted.ToHashSet(StringComparer.Ordinal));
    }

    private sealed record Frozen(string Copy, StoreMoment Store, AuditSnapshot Audit, Names Named, IDisposable Hold);

    private sealed record Names(IReadOnlySet<string> All, IReadOnlySet<string> Wanted);
}
