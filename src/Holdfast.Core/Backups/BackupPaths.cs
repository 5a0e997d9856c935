using Holdfast.Core.Packages;

namespace Holdfast.Core.Backups;

/// <summary>Which files of a home a backup may hold. Whatever else a manifest names is refused, so that no restoring writes elsewhere.</summary>
public static class BackupPaths
{
    public const string Store = "store.db";
    public const string AuditHead = "audit/head";

    /// <summary>The hashes of all entries, those that were retired too. Backups of older versions have none.</summary>
    public const string AuditTree = "audit/tree";

    public const string Packages = "packages/";

    private const string Audit = "audit/";
    private const string Keys = "keys/";
    private const string Policy = "policy/";
    private const string AuditFile = ".jsonl";

    /// <summary>Without these there is nothing to restore.</summary>
    public static IReadOnlyList<string> Needed { get; } = [Store, AuditHead];

    /// <summary>Null when the path is good; else why it is not, as a sentence without its subject.</summary>
    public static string? WhyBad(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path is Store or AuditHead or AuditTree) return null;
        if (path.StartsWith(Audit, StringComparison.Ordinal)) return WhyBadAudit(path[Audit.Length..]);
        if (path.StartsWith(Keys, StringComparison.Ordinal)) return PackagePath.WhyBad(path[Keys.Length..]);
        if (path.StartsWith(Policy, StringComparison.Ordinal)) return PackagePath.WhyBad(path[Policy.Length..]);
        if (DigestOf(path) is not null) return WhyBadInPackage(path[(path.IndexOf('/', Packages.Length) + 1)..]);
        return "a backup holds the store, audit, keys, policy and packages, and nothing else";
    }

    /// <summary>The package that a file belongs to, <c>sha256:…</c>; null: to none.</summary>
    public static string? DigestOf(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!path.StartsWith(Packages, StringComparison.Ordinal)) return null;
        var end = path.IndexOf('/', Packages.Length);
        return end < 0 ? null : PackageDigest.FromFolderName(path[Packages.Length..end]);
    }

    /// <summary>Of a package: the folder of its own, with a slash at its end.</summary>
    public static string FolderOf(string digest) => $"{Packages}{PackageDigest.ToFolderName(digest)}/";

    private static string? WhyBadAudit(string name) =>
        name.EndsWith(AuditFile, StringComparison.Ordinal) && name[..^AuditFile.Length] is { Length: > 0 and < 64 } stem && stem.All(c => char.IsAsciiDigit(c) || c == '-')
            ? null
            : "it is no file of an audit log";

    private static string? WhyBadInPackage(string path)
    {
        if (path is "manifest.json" or "holdfast.yaml" or AdmissionRecords.FileName) return null;
        if (path.StartsWith("files/", StringComparison.Ordinal)) return PackagePath.WhyBad(path["files/".Length..]);
        const string signatures = "signatures/", extension = ".p7s";
        return path.StartsWith(signatures, StringComparison.Ordinal) && path.EndsWith(extension, StringComparison.Ordinal)
            && path.Length > signatures.Length + extension.Length && path[signatures.Length..^extension.Length] is { Length: < 4 } number && number.All(char.IsAsciiDigit)
            ? null
            : "it is no part of a package";
    }
}
