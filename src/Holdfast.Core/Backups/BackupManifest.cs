namespace Holdfast.Core.Backups;

/// <summary>What a backup holds, and of what moment: the document <c>manifest.json</c>, whose digest names the backup.</summary>
public sealed record BackupManifest
{
    /// <summary>Of this form; see <see cref="BackupManifests.Format"/>.</summary>
    public required int Format { get; init; }

    /// <summary>The version of Holdfast that made it.</summary>
    public required string Product { get; init; }

    /// <summary>The node's name.</summary>
    public required string Node { get; init; }

    /// <summary>UTC, by the node's clock.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Of its entries in the audit log.</summary>
    public required string Operation { get; init; }

    public required BackupStore Store { get; init; }

    public required BackupAudit Audit { get; init; }

    /// <summary>Digests (<c>sha256:…</c>) of packages that a service wants and that were not whole on the node: what needs them does not start until they are deployed again.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>Sorted by path (ordinal).</summary>
    public required IReadOnlyList<BackupFile> Files { get; init; }
}

/// <summary>Which store, and when in its life.</summary>
/// <param name="ClusterId">Of the store that was copied; the restored one has another.</param>
/// <param name="Incarnation">Of the store that was copied; the restored one has a higher one.</param>
/// <param name="Revision">All changes up to this one are in the backup.</param>
public sealed record BackupStore(string ClusterId, long Incarnation, long Revision);

/// <summary>Where the audit log had got to.</summary>
/// <param name="Sequence">Of its last entry.</param>
/// <param name="Hash">Of its last entry.</param>
public sealed record BackupAudit(long Sequence, string Hash);

/// <param name="Path">Relative to the home, with forward slashes.</param>
/// <param name="Sha256">64 lower-case hexadecimal digits: the name of its blob.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Mode">Four octal digits; of a package's files the admission record's modes hold.</param>
public sealed record BackupFile(string Path, string Sha256, long Size, string Mode);
