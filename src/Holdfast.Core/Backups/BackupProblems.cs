using Holdfast.Core.Problems;

namespace Holdfast.Core.Backups;

/// <summary>What can be wrong with making, checking or restoring a backup, each made in one place. Rule names are append-only.</summary>
public static class BackupProblems
{
    public static Problem NoBackup(string why) => new(ProblemKind.BadInput, "backup.foreign", "The file is not a backup of Holdfast.")
    {
        Why = why,
        Mend = "name the file that `holdfast backup` wrote",
    };

    /// <summary>Of a node whose services are in the store of a cluster.</summary>
    public static Problem InCluster(string cluster) => new(ProblemKind.Refused, "backup.cluster", $"This node belongs to the cluster {cluster}, and has no state of its own to back up.")
    {
        Why = "which services there are is in the cluster's store; a restored copy of it beside the cluster would be a second one",
        Mend = "`holdfast cluster backup` keeps the store; packages come from the other nodes, and a machine that is lost joins anew",
    };

    public static Problem Damaged(string entry, string why) => new(ProblemKind.Damaged, "backup.damaged", $"The backup is damaged at {entry}.")
    {
        Why = why,
        Mend = "take another copy of it, or an older backup; nothing was restored",
    };

    public static Problem Truncated(string entry) => Damaged(entry, "the file ends there: it was cut off");

    public static Problem Path(string path, string why) => new(ProblemKind.Refused, "backup.path", $"The backup's manifest names '{path}' in a way that no backup does.")
    {
        Why = why,
        Mend = "somebody made or changed this file by other means: restore another one; nothing was restored",
    };

    public static Problem Version(int format, string? product) => new(
        ProblemKind.Refused, "backup.version", $"The backup has form {format}, and this version reads form {BackupManifests.Format}.")
    {
        Why = $"Holdfast {product ?? "of an unknown version"} made it",
        Mend = "restore it with the version that made it, or its neighbour, and upgrade then",
    };

    public static Problem NotExpected(string digest, string expected) => new(ProblemKind.Refused, "backup.not-expected", $"The backup is {digest}, not {expected}.")
    {
        Why = "its content is whole, but it is another backup than the one that was asked for",
        Mend = "find the file whose digest was noted when it was made",
    };

    public static Problem NotOwner(string who) => new(ProblemKind.Refused, "backup.not-owner", $"{who} may not make a backup of this node.")
    {
        Why = "a backup holds the node's keys",
        Mend = "run it as root, or as the account of the agent",
    };

    public static Problem NoNode(string home) => new(ProblemKind.NotFound, "backup.no-node", $"There is no node in {home}: it has no store.")
    {
        Mend = "name the home with --home or HOLDFAST_HOME",
    };

    public static Problem AuditBroken(string finding) => new(ProblemKind.Damaged, "backup.audit-broken", $"The audit log is not whole. {finding}")
    {
        Why = "a backup with a broken chain could not be restored",
        Mend = "stop the agent, move the audit folder away whole (it is evidence), start the agent, which begins a new one, and back up again",
    };

    public static Problem PackageChanged(string path) => new(ProblemKind.Damaged, "backup.file-changed", $"{path} changed while the backup was made, or is not what was admitted.")
    {
        Mend = "make the backup again; if it says the same, deploy that package again first",
    };

    public static Problem Name(string path, string why) => new(ProblemKind.Refused, "backup.name", $"{path} cannot be kept in a backup: {why}.")
    {
        Mend = "rename it, or move it out of the home",
    };

    public static Problem TooLarge(string path, long size) => new(ProblemKind.Refused, "backup.too-large", $"{path} has {size} bytes; a backup holds files up to {BackupArchive.MaxEntryBytes}.");

    public static Problem TargetExists(string path) => new(ProblemKind.Conflict, "backup.exists", $"{path} exists already.")
    {
        Why = "a backup is never overwritten",
        Mend = "name another file, or move that one away",
    };

    public static Problem Unfinished() => new(ProblemKind.Unavailable, "backup.unfinished", "The agent ended before the backup was complete.")
    {
        Why = "nothing was left that looks like a backup",
        Mend = "make it again when the agent is back",
    };

    public static Problem HomeInUse(string home, string holder) => new(ProblemKind.Conflict, "restore.in-use", $"{home} is in use.")
    {
        Why = holder,
        Mend = "end agent and supervisor of that home first, or restore into another one",
    };

    public static Problem HomeExists(string home) => new(ProblemKind.Conflict, "restore.home-exists", $"{home} is there already and not empty.")
    {
        Why = "a restore never writes into a home and deletes none",
        Mend = "name another home, or have it moved aside with --move-aside",
    };

    public static Problem StoreIsOther(string what) => new(ProblemKind.Damaged, "restore.store", $"The store in the backup is not the one that its manifest names: {what}.")
    {
        Mend = "restore another backup; nothing was restored",
    };

    public static Problem AuditIsOther(string finding) => new(ProblemKind.Damaged, "restore.audit", $"The audit log in the backup is not whole. {finding}")
    {
        Mend = "restore another backup; nothing was restored",
    };

    public static Problem PackageIsOther(string digest, string why) => new(ProblemKind.Damaged, "restore.package", $"The package {digest} in the backup is not what was admitted.")
    {
        Why = why,
        Mend = "restore another backup; nothing was restored",
    };
}
