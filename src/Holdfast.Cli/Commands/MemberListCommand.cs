using System.CommandLine;
using System.Text.Json.Nodes;
using Holdfast.Cli.Output;
using Holdfast.Core.Problems;
using Holdfast.Node.Clusters;
using Holdfast.Storage.Etcd;

namespace Holdfast.Cli.Commands;

internal sealed class MemberListCommand : CliCommand
{
    private readonly Option<string> format = FormatOption.Plain();

    public MemberListCommand(CliContext cli)
        : base(cli, "list", "Show who votes in the cluster's etcd")
    {
        Options.Add(format);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var options = ClusterFile.Need(Cli.Home).Then(cluster => ClusterStore.Options(Cli.Home, cluster));
        var listed = options.TryGet(out var how) ? await EtcdStore.MembersAsync(how, Cli.Time, cancel) : Outcome.Failed<IReadOnlyList<EtcdVoter>>(options.Problems);
        if (!listed.TryGet(out var all)) return Terminal.Fail(listed.Problems);
        var shown = parse.Format(format);
        if (shown.IsDocument())
        {
            Terminal.Document(new JsonArray([.. all.Select(Document)]), shown);
            return ExitCode.Ok;
        }

        var table = new Table("MEMBER", "STATE", "CLIENTS", "PEERS", "ID");
        foreach (var one in all) table.Add(one.Name.Length > 0 ? one.Name : "-", State(one), string.Join(' ', one.ClientUrls), string.Join(' ', one.PeerUrls), $"{one.Id:x}");
        Terminal.Out.Write(table.ToString());
        return ExitCode.Ok;
    }

    private static string State(EtcdVoter one) => one.Name.Length == 0 ? "never started" : one.IsLearner ? "learner" : "voter";

    private static JsonNode Document(EtcdVoter one) => new JsonObject
    {
        ["name"] = one.Name,
        ["state"] = State(one),
        ["clients"] = new JsonArray([.. one.ClientUrls.Select(url => (JsonNode)url)]),
        ["peers"] = new JsonArray([.. one.PeerUrls.Select(url => (JsonNode)url)]),
        ["id"] = $"{one.Id:x}",
    };
}
