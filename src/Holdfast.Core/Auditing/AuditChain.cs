using System.Security.Cryptography;

namespace Holdfast.Core.Auditing;

/// <summary>How entries are linked: <c>hash = SHA-256(previous hash || canonical text)</c>, over the 32 raw bytes of the previous hash.</summary>
public static class AuditChain
{
    /// <summary>The entry that comes after <paramref name="head"/>.</summary>
    public static AuditEntry Next(AuditHead head, AuditRecord record, string node, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(record);
        var entry = new AuditEntry
        {
            Sequence = head.Sequence + 1,
            At = at.ToUniversalTime(),
            Node = AuditDetails.Clean(node),
            Actor = AuditDetails.Clean(record.Actor),
            Action = AuditDetails.Clean(record.Action),
            Target = AuditDetails.Clean(record.Target),
            Outcome = record.Outcome,
            Operation = AuditDetails.Clean(record.Operation),
            Details = AuditDetails.Clean(record.Details),
            PreviousHash = head.Hash,
            Hash = "",
        };
        return entry with { Hash = HashOf(entry) };
    }

    /// <summary>The hash the entry should have, by its content and its previous hash.</summary>
    public static string HashOf(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Convert.FromHexString(entry.PreviousHash));
        hash.AppendData(AuditLine.Canonical(entry));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
