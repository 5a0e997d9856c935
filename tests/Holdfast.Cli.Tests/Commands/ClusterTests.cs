using Holdfast.Cli.Tests.Fakes;
using Holdfast.Core.Problems;
using Holdfast.Platform;
using Holdfast.Telemetry.Auditing;
using Holdfast.Testing.Storage;

namespace Holdfast.Cli.Tests.Commands;

/// <summary>How a cluster is begun and looked at.</summary>
public sealed class ClusterTests(OneEtcd etcd) : IClassFixture<OneEtcd>
{
    private string Url => etcd.Cluster.Members[0].Endpoint.OriginalString;

    [Fact]
    public async Task Law08_all_that_is_wrong_is_said_at_once_and_nothing_is_made()
    {
        using var folder = new TempFolder();
        var home = Path.Combine(folder.Path, "home");
        var run = await Run.In(folder.Path, "cluster", "init", "--home", home, "--name", "Prod", "--etcd", "etcd-1", "--node", "n", "--lease", "1s", "--address", "node-1", "--label", "zone");
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Out));
        Golden.Check("cluster-init-bad.txt", run.Error);
        Assert.False(Directory.Exists(home));
    }

    [EtcdFact]
    public async Task What_was_begun_is_said_and_what_comes_next()
    {
        using var folder = new TempFolder();
        string[] home = ["--home", Path.Combine(folder.Path, "home")];
        var run = await Run.In(folder.Path, ["cluster", "init", "--name", "prod", "--etcd", Url, "--node", "node-1", "--lease", "3s", .. home]);
        Assert.Equal(ExitCode.Ok, run.Code);
        Golden.Check("cluster-init.txt", (run.Out + run.Error).Replace(Url, "URL", StringComparison.Ordinal));

        var again = await Run.In(folder.Path, ["cluster", "init", "--name", "prod", "--etcd", Url, "--node", "node-1", .. home]);
        Assert.Equal(ExitCode.Conflict, again.Code);
        var list = await Run.In(folder.Path, ["cluster", "member", "list", .. home]);
        Assert.Equal(ExitCode.Ok, list.Code);
        Assert.Matches(@"^MEMBER +STATE +CLIENTS +PEERS +ID\nm0 +voter +http://127\.0\.0\.1:\d+ +http://127\.0\.0\.1:\d+ +[0-9a-f]+\n$", list.Out);

        var backup = await Run.In(folder.Path, ["cluster", "backup", "prod.hfcluster", .. home]);
        Assert.Equal(ExitCode.Ok, backup.Code);
        Assert.Matches(@"^file +\S+/prod\.hfcluster\ndigest +sha256:[0-9a-f]{64}\ncluster +prod, revision \d+, incarnation 1\netcd +3\.\S+, \d+ bytes\n$", backup.Out);
        var acts = AuditReader.Read(new Home(home[1]).Audit, new()).Where(entry => entry.Target == "cluster/prod").Select(entry => $"{entry.Action} {entry.Outcome}");
        Assert.Equal(["cluster.init Intended", "cluster.init Done", "cluster.init Intended", "cluster.init Failed", "cluster.backup Intended", "cluster.backup Done"], acts);
        var restore = await Run.In(folder.Path, ["cluster", "restore", "prod.hfcluster", .. home]);
        Assert.EndsWith("[cluster.not-managed]\n", restore.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cluster", "backup", "x")]
    [InlineData("cluster", "restore", "x")]
    [InlineData("cluster", "member", "list")]
    [InlineData("cluster", "member", "remove", "b")]
    public async Task A_node_by_itself_has_no_cluster(params string[] command)
    {
        using var folder = new TempFolder();
        var run = await Run.In(folder.Path, [.. command, "--home", Path.Combine(folder.Path, "home")]);
        Assert.Equal((ExitCode.NotFound, ""), (run.Code, run.Out));
        Assert.EndsWith("[cluster.none]\n", run.Error, StringComparison.Ordinal);
    }
}
