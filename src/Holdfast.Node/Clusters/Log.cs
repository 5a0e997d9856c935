using Microsoft.Extensions.Logging;

namespace Holdfast.Node.Clusters;

/// <summary>What a node of a cluster says. Ids are append-only.</summary>
internal static partial class Log
{
    [LoggerMessage(1201, LogLevel.Warning, "The lease: {Reason}")]
    public static partial void Lease(ILogger log, string reason);

    [LoggerMessage(1202, LogLevel.Information, "The lease is {Lease}: {Reason}")]
    public static partial void Granted(ILogger log, long lease, string reason);

    [LoggerMessage(1203, LogLevel.Error, "A bug of the agent: please report it")]
    public static partial void Bug(ILogger log, Exception bug);

    [LoggerMessage(1204, LogLevel.Warning, "A supervisor was not told of the lease, and fences by itself at its deadline: {Problems}")]
    public static partial void NotTold(ILogger log, string problems);

    [LoggerMessage(1205, LogLevel.Information, "{Service}: this node leads in epoch {Epoch}")]
    public static partial void Leads(ILogger log, string service, long epoch);

    [LoggerMessage(1206, LogLevel.Warning, "{Service}: epoch {Epoch} ends on this node: {Why}")]
    public static partial void Ends(ILogger log, string service, long epoch, string why);

    [LoggerMessage(1207, LogLevel.Error, "{Service}: {Why}")]
    public static partial void Alarm(ILogger log, string service, string why);

    [LoggerMessage(1208, LogLevel.Information, "{Service}: its place is {Nodes}: {Reason}")]
    public static partial void Placed(ILogger log, string service, string nodes, string reason);

    [LoggerMessage(1209, LogLevel.Information, "Package {Digest} came from another node")]
    public static partial void Fetched(ILogger log, string digest);

    [LoggerMessage(1210, LogLevel.Warning, "{Service}: its package did not come yet: {Problems}")]
    public static partial void NotFetched(ILogger log, string service, string problems);

    [LoggerMessage(1211, LogLevel.Information, "Node {Node} of cluster {Cluster}, whose store is {Store}")]
    public static partial void Joined(ILogger log, string node, string cluster, string store);

    [LoggerMessage(1212, LogLevel.Warning, "The store's etcd: {Warning}")]
    public static partial void StoreWarning(ILogger log, string warning);

    [LoggerMessage(1213, LogLevel.Warning, "The store does not answer; services run on, and the agent waits for it: {Problems}")]
    public static partial void StoreAway(ILogger log, string problems);

    [LoggerMessage(1214, LogLevel.Warning, "Nothing can lead on this node yet: {Problems}")]
    public static partial void NoDeadlines(ILogger log, string problems);

    [LoggerMessage(1216, LogLevel.Warning, "{Service} was not moved as planned: {Why}")]
    public static partial void NotMoved(ILogger log, string service, string why);

    [LoggerMessage(1217, LogLevel.Information, "Etcd's leader moved to {Member}: {Reason}")]
    public static partial void EtcdLeaderMoved(ILogger log, string member, string reason);

    [LoggerMessage(1218, LogLevel.Error, "This node leads nothing: its watchdog {Device} cannot be had: {Why}")]
    public static partial void NoWatchdog(ILogger log, string device, string why);

    [LoggerMessage(1219, LogLevel.Information, "That this virtual machine was put back or copied would be told by {Source}")]
    public static partial void Generation(ILogger log, string source);

    [LoggerMessage(1220, LogLevel.Warning, "Node {Node} is fenced from here: {Why}")]
    public static partial void Fences(ILogger log, string node, string why);

    [LoggerMessage(1221, LogLevel.Error, "Node {Node} was not fenced: {Problems}")]
    public static partial void NotFenced(ILogger log, string node, string problems);

    [LoggerMessage(1222, LogLevel.Warning, "A node is silent, and is not fenced from here: {Why}")]
    public static partial void FencesNobody(ILogger log, string why);

    [LoggerMessage(1223, LogLevel.Warning, "{Service}: epoch {Epoch}: {Why}")]
    public static partial void Holds(ILogger log, string service, long epoch, string why);

    [LoggerMessage(1224, LogLevel.Error, "{Trouble}")]
    public static partial void Unpromised(ILogger log, string trouble);

    [LoggerMessage(1215, LogLevel.Warning, "Which certificates are revoked is not shared with the other nodes: {Problems}")]
    public static partial void RevocationsNotShared(ILogger log, string problems);
}
