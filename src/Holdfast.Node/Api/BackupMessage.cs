using Google.Protobuf.WellKnownTypes;
using Holdfast.Node.Backups;
using Holdfast.Rpc.V1;

namespace Holdfast.Node.Api;

/// <summary>What was made, as it is told: by the agent to its client, and by whoever made it without one.</summary>
public static class BackupMessage
{
    public static BackupSummary Of(BackupReceipt receipt)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        return new()
        {
            Digest = receipt.Digest,
            Node = receipt.Manifest.Node,
            CreatedAt = Timestamp.FromDateTimeOffset(receipt.Manifest.CreatedAt),
            CreatedBy = receipt.Manifest.CreatedBy,
            Version = receipt.Manifest.Product,
            Bytes = receipt.Bytes,
            StoreRevision = receipt.Manifest.Store.Revision,
            AuditSequence = receipt.Manifest.Audit.Sequence,
            AuditHead = receipt.Manifest.Audit.Hash,
            Packages = receipt.Packages,
            Files = receipt.Manifest.Files.Count,
            Warnings = { receipt.Warnings },
        };
    }
}
