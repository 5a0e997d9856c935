using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Core.Problems;
using Holdfast.Node.Clusters;

namespace Holdfast.Cli.Commands;

internal sealed class MemberAddCommand : CliCommand
{
    private readonly Option<string> name = new("--name") { Description = "The member's name: a node's, or witness", HelpName = "NAME", Required = true };
    private readonly Option<string> address = new("--address") { Description = "What the other members call its machine by", HelpName = "HOST", Required = true };
    private readonly Option<int> port = new("--etcd-port") { Description = "Where clients call it", HelpName = "PORT", DefaultValueFactory = _ => ClusterOrder.ClientPort };
    private readonly Option<int> peerPort = new("--etcd-peer-port") { Description = "Where other members call it", HelpName = "PORT", DefaultValueFactory = _ => ClusterOrder.PeerPort };
    private readonly Option<string?> output = new("--out") { Description = "The file to write (default: NAME.etcd-member)", HelpName = "FILE" };

    public MemberAddCommand(CliContext cli)
        : base(cli, "add", "Add a voter, and write the file that its machine takes; for one that was added before, new certificates")
    {
        foreach (var option in new Option[] { name, address, port, peerPort, output }) Options.Add(option);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var member = parse.GetRequiredValue(name);
        var path = Cli.PathOf(parse.GetValue(output) ?? $"{member}.etcd-member");
        if (CertificateOptions.IsFree(path) is { IsOk: false } taken) return Terminal.Fail(taken.Problems);
        var host = parse.GetRequiredValue(address);
        var added = await new RecordedAct(Cli).RunAsync(
            "cluster.member", $"etcd/{member}", new Dictionary<string, string> { ["address"] = host },
            async () => await new EtcdMembership(Cli.Home, Cli.Time).AddAsync(member, host, parse.GetValue(port), parse.GetValue(peerPort), cancel) is var made && made.TryGet(out var bundle)
                ? bundle.Write(path).Then(_ => Outcome.Of(bundle))
                : made,
            cancel);
        if (!added.IsOk) return Terminal.Fail(added.Problems);
        Terminal.Line(path);
        Terminal.Say($"""
            Carry the file to {host} as a secret: whoever has it can be that member. There:
              on a node of the cluster: holdfast cluster member take {Path.GetFileName(path)}, and start its agent
              on a machine that only votes: holdfast witness init --from {Path.GetFileName(path)}, then holdfast witness
            It has a vote when it has caught up; until then nothing depends on it.
            """);
        return ExitCode.Ok;
    }
}
