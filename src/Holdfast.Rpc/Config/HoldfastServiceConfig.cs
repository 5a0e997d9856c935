namespace Holdfast.Rpc.Config;

/// <summary>
/// The service config for Holdfast's own API: what only reads may be asked again when the agent is away for a moment, as it is while it is replaced. What
/// changes something is not in it: a call whose answer was lost may have done its work.
/// </summary>
public static class HoldfastServiceConfig
{
    public static ServiceConfig Reads { get; } = new()
    {
        Methods =
        [
            new MethodConfig
            {
                Names =
                [
                    new("holdfast.v1.Services", "ListInstances"),
                    new("holdfast.v1.Services", "GetHistory"),
                    new("holdfast.v1.Packages", "GetPush"),
                    new("holdfast.v1.Packages", "Fetch"),
                    new("holdfast.v1.Output", "Logs"),
                    new("holdfast.v1.Output", "Events"),
                    new("holdfast.v1.Output", "Ledger"),
                    new("holdfast.v1.Output", "DeadLetters"),
                    new("holdfast.v1.Nodes", "ListNodes"),
                    new("holdfast.v1.Nodes", "GetLeadership"),
                    new("holdfast.v1.Nodes", "GetProof"),
                    new("holdfast.v1.Nodes", "GetIncident"),
                    new("holdfast.v1.Nodes", "CheckCluster"),
                    new("holdfast.v1.Nodes", "GetFacts"),
                    new("holdfast.v1.Node", "GetNode"),
                    new("holdfast.v1.Node", "ListAudit"),
                    new("holdfast.v1.Node", "VerifyAudit"),
                    new("holdfast.v1.Node", "ProveAudit"),
                    new("holdfast.v1.Node", "ListAuditHolds"),
                    new("grpc.health.v1.Health", "Check"),
                    new("grpc.health.v1.Health", "List"),
                    new("grpc.health.v1.Health", "Watch"),
                ],
                Retry = new RetryPolicy
                {
                    MaxAttempts = 4,
                    InitialBackoff = TimeSpan.FromMilliseconds(200),
                    MaxBackoff = TimeSpan.FromSeconds(2),
                    BackoffMultiplier = 2,
                    RetryableStatusCodes = [StatusCode.Unavailable],
                },
            },
        ],
        Throttling = new RetryThrottling(10, 0.1),
    };
}
