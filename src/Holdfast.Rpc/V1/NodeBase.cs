using Holdfast.Rpc.Server;

namespace Holdfast.Rpc.V1;

/// <summary>The node itself, and its record of changes. The server's side: what is not overridden is not implemented.</summary>
public abstract class NodeBase : RpcService
{
    public virtual Task<NodeInfo> GetNode(GetNodeRequest request, ServerCallContext context) =>
        throw RpcException.Unimplemented(NodeMethods.GetNode.Path);

    public virtual Task ListAudit(ListAuditRequest request, IServerStreamWriter<AuditEntry> responses, ServerCallContext context) =>
        throw RpcException.Unimplemented(NodeMethods.ListAudit.Path);

    public virtual Task<VerifyAuditResponse> VerifyAudit(VerifyAuditRequest request, ServerCallContext context) =>
        throw RpcException.Unimplemented(NodeMethods.VerifyAudit.Path);

    public virtual Task Upgrade(UpgradeRequest request, IServerStreamWriter<UpgradeProgress> responses, ServerCallContext context) =>
        throw RpcException.Unimplemented(NodeMethods.Upgrade.Path);

    public virtual Task Backup(BackupRequest request, IServerStreamWriter<BackupPart> responses, ServerCallContext context) =>
        throw RpcException.Unimplemented(NodeMethods.Backup.Path);

    public virtual Task<RecordResponse> Record(RecordRequest request, ServerCallContext context) =>
        throw RpcException.Unimplemented(NodeMethods.Record.Path);

    public sealed override void Bind(MethodTable methods)
    {
        ArgumentNullException.ThrowIfNull(methods);
        methods.Unary(NodeMethods.GetNode, GetNode);
        methods.ServerStreaming(NodeMethods.ListAudit, ListAudit);
        methods.Unary(NodeMethods.VerifyAudit, VerifyAudit);
        methods.ServerStreaming(NodeMethods.Upgrade, Upgrade);
        methods.ServerStreaming(NodeMethods.Backup, Backup);
        methods.Unary(NodeMethods.Record, Record);
    }
}
