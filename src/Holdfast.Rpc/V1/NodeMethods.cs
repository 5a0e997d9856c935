namespace Holdfast.Rpc.V1;

/// <summary>The methods of <c>holdfast.v1.Node</c>: the node itself, and its record of changes.</summary>
public static class NodeMethods
{
    public const string Service = "holdfast.v1.Node";

    public static readonly Method<GetNodeRequest, NodeInfo> GetNode =
        new(MethodKind.Unary, Service, nameof(GetNode), GetNodeRequest.Parser, NodeInfo.Parser);

    public static readonly Method<ListAuditRequest, AuditEntry> ListAudit =
        new(MethodKind.ServerStreaming, Service, nameof(ListAudit), ListAuditRequest.Parser, AuditEntry.Parser);

    public static readonly Method<VerifyAuditRequest, VerifyAuditResponse> VerifyAudit =
        new(MethodKind.Unary, Service, nameof(VerifyAudit), VerifyAuditRequest.Parser, VerifyAuditResponse.Parser);

    public static readonly Method<UpgradeRequest, UpgradeProgress> Upgrade =
        new(MethodKind.ServerStreaming, Service, nameof(Upgrade), UpgradeRequest.Parser, UpgradeProgress.Parser);

    public static readonly Method<BackupRequest, BackupPart> Backup =
        new(MethodKind.ServerStreaming, Service, nameof(Backup), BackupRequest.Parser, BackupPart.Parser);

    public static readonly Method<RecordRequest, RecordResponse> Record =
        new(MethodKind.Unary, Service, nameof(Record), RecordRequest.Parser, RecordResponse.Parser);
}
