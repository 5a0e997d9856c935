using Holdfast.Core.Backups;
using Holdfast.Node.Packages;
using Holdfast.Storage;
using Holdfast.Telemetry.Auditing;

namespace Holdfast.Node.Backups;

/// <summary>
/// The moment that a backup shows: a copy of the store, the audit log up to an entry that is later than everything in that copy, and
/// the packages that the copy names, which are not collected while this is held.
/// </summary>
internal sealed class BackupMoment(string copy, StoreMoment store, AuditSnapshot audit, IReadOnlyList<AdmittedPackage> packages, IReadOnlyList<string> missing, IDisposable hold)
    : IDisposable
{
    /// <summary>The copy's file.</summary>
    public string Copy => copy;

    public BackupStore Store => new(store.Identity.ClusterId, store.Identity.Incarnation, store.Revision);

    public AuditSnapshot Audit => audit;

    public IReadOnlyList<AdmittedPackage> Packages => packages;

    /// <summary>Digests of packages that a service wants and that are not whole here.</summary>
    public IReadOnlyList<string> Missing => missing;

    public void Dispose()
    {
        hold.Dispose();
        audit.Dispose();
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(copy)!, Path.GetFileName(copy) + "*"))
            File.Delete(file);
    }
}
