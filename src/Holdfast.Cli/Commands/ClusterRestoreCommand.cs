using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Core.Problems;
using Holdfast.Node.Clusters;
using Holdfast.Platform;

namespace Holdfast.Cli.Commands;

internal sealed class ClusterRestoreCommand : CliCommand
{
    private readonly Argument<string> file = new("file") { Description = "A file of `holdfast cluster backup`" };
    private readonly Option<string?> expect = ExpectOption.Create();
    private readonly Option<string?> tool = new("--etcd-tool") { Description = "etcdutl or etcdctl (default: the one beside etcd); the trust policy pins it", HelpName = "FILE" };
    private readonly Option<bool> stop = new("--stop-etcd") { Description = "Stop this node's member of etcd if it runs" };

    private readonly Option<bool> byHand = new("--by-hand") { Description = "The etcd is not Holdfast's, and was restored from the backup's snapshot by its own tools: only make the store another one" };

    public ClusterRestoreCommand(CliContext cli)
        : base(cli, "restore", "Put a backup in the place of the etcd that this node runs; no agent may run, on any node")
    {
        Arguments.Add(file);
        foreach (var option in new Option[] { expect, tool, stop, byHand }) Options.Add(option);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        NewFiles.CloseToOthers();
        var path = Cli.PathOf(parse.GetRequiredValue(file));
        var read = ClusterFile.Need(Cli.Home);
        if (!read.TryGet(out var cluster)) return Terminal.Fail(read.Problems);
        var restore = new ClusterRestore(Cli.Home, (step, message) => Terminal.Say($"{step,-12}  {message}"), Cli.Time);
        var put = await new RecordedAct(Cli).RunAsync(
            "cluster.restore", $"cluster/{cluster.Name}", new Dictionary<string, string> { ["file"] = Path.GetFileName(path) },
            () => restore.RunAsync(path, parse.GetValue(expect), parse.GetValue(tool), parse.GetValue(stop), parse.GetValue(byHand), cancel), cancel,
            done => new Dictionary<string, string> { ["digest"] = done.Backup.Digest, ["incarnation"] = $"{done.Incarnation}" });
        if (!put.TryGet(out var restored)) return Terminal.Fail(put.Problems);
        Terminal.Line($"cluster    {restored.Backup.Cluster}, as of {restored.Backup.TakenAt:yyyy-MM-dd HH:mm:ss'Z'}");
        Terminal.Line($"store      revision {restored.Backup.Revision}, incarnation {restored.Incarnation}");
        if (restored.Aside is { } aside) Terminal.Line($"before     {aside}");
        Terminal.Say("""
            The agent of this node opens it with its next start, and raises every epoch above all that may have been given since the backup.
            Let nothing of the former etcd run any more. Other nodes join anew. Where Holdfast runs the etcd, it has one member now: others are made anew (holdfast cluster member add).
            """);
        return ExitCode.Ok;
    }
}
