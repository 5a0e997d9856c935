using Holdfast.Rpc.Client;

namespace Holdfast.Rpc.V1;

/// <summary>The node itself, and its record of changes. The client's side.</summary>
public sealed class NodeClient(RpcChannel channel)
{
    public Task<NodeInfo> GetNodeAsync(GetNodeRequest request, CallOptions options = default) =>
        channel.UnaryAsync(NodeMethods.GetNode, request, options);

    public ServerStreamingCall<AuditEntry> ListAudit(ListAuditRequest request, CallOptions options = default) =>
        channel.ServerStreaming(NodeMethods.ListAudit, request, options);

    public Task<VerifyAuditResponse> VerifyAuditAsync(VerifyAuditRequest request, CallOptions options = default) =>
        channel.UnaryAsync(NodeMethods.VerifyAudit, request, options);

    public ServerStreamingCall<UpgradeProgress> Upgrade(UpgradeRequest request, CallOptions options = default) =>
        channel.ServerStreaming(NodeMethods.Upgrade, request, options);

    public ServerStreamingCall<BackupPart> Backup(BackupRequest request, CallOptions options = default) =>
        channel.ServerStreaming(NodeMethods.Backup, request, options);

    public Task<RecordResponse> RecordAsync(RecordRequest request, CallOptions options = default) =>
        channel.UnaryAsync(NodeMethods.Record, request, options);
}
