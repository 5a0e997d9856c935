using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Core.Problems;
using Holdfast.Node.Clusters;
using Holdfast.Platform;

namespace Holdfast.Cli.Commands;

/// <summary>A backup of what all nodes share. What is a node's own (packages, keys, the record) is in its own backup.</summary>
internal sealed class ClusterBackupCommand : CliCommand
{
    private readonly Argument<string> file = new("file") { Description = "The backup's file; it must not be there yet" };

    public ClusterBackupCommand(CliContext cli)
        : base(cli, "backup", "Write a snapshot of the cluster's store into a file, while everything runs")
    {
        Arguments.Add(file);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        NewFiles.CloseToOthers();
        var path = Cli.PathOf(parse.GetRequiredValue(file));
        var read = ClusterFile.Need(Cli.Home);
        if (!read.TryGet(out var cluster)) return Terminal.Fail(read.Problems);
        var options = ClusterStore.Options(Cli.Home, cluster);
        if (!options.TryGet(out var how)) return Terminal.Fail(options.Problems);
        var taken = await new RecordedAct(Cli).RunAsync(
            "cluster.backup", $"cluster/{cluster.Name}", new Dictionary<string, string>(), () => ClusterBackup.TakeAsync(how, path, Environment.UserName, Cli.Time, cancel), cancel,
            backup => new Dictionary<string, string> { ["digest"] = backup.Digest, ["revision"] = $"{backup.Revision}" });
        if (!taken.TryGet(out var made)) return Terminal.Fail(taken.Problems);
        Terminal.Line($"file       {path}");
        Terminal.Line($"digest     {made.Digest}");
        Terminal.Line($"cluster    {made.Cluster}, revision {made.Revision}, incarnation {made.Incarnation}");
        Terminal.Line($"etcd       {made.EtcdVersion}, {made.Bytes} bytes");
        Terminal.Say("Keep the digest elsewhere: `holdfast cluster restore --expect` takes no other backup then. Packages, keys and the record are in the nodes' own backups (`holdfast backup`).");
        return ExitCode.Ok;
    }
}
