using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Core.Problems;
using Holdfast.Node.Clusters;

namespace Holdfast.Cli.Commands;

internal sealed class MemberTakeCommand : CliCommand
{
    private readonly Argument<string> file = new("file") { Description = "A file of `holdfast cluster member add`" };
    private readonly Option<string> executable = new("--etcd-executable") { Description = "The etcd to run; the trust policy pins it", HelpName = "FILE", DefaultValueFactory = _ => "/usr/bin/etcd" };
    private readonly Option<bool> onWindows = new("--etcd-on-windows") { Description = "Run etcd on Windows, where its makers do not test it" };

    public MemberTakeCommand(CliContext cli)
        : base(cli, "take", "Let this node run a member; its agent starts it with its next start")
    {
        Arguments.Add(file);
        Options.Add(executable);
        Options.Add(onWindows);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var read = MemberBundle.Read(Cli.PathOf(parse.GetRequiredValue(file)));
        if (!read.TryGet(out var bundle)) return Terminal.Fail(read.Problems);
        var taken = await new RecordedAct(Cli).RunAsync(
            "cluster.member", $"etcd/{bundle.Member.Name}", new Dictionary<string, string>(),
            () => new EtcdMembership(Cli.Home, Cli.Time).TakeAsync(bundle, parse.GetRequiredValue(executable), parse.GetValue(onWindows), w => Terminal.Say($"warning: {w}"), cancel), cancel);
        if (!taken.TryGet(out var cluster)) return Terminal.Fail(taken.Problems);
        Terminal.Line($"member     {bundle.Member.Name}, at {bundle.Member.ClientAddress} and {bundle.Member.PeerAddress}");
        Terminal.Line($"etcd       {string.Join(", ", cluster.Etcd)}");
        Terminal.Say("The agent starts it with its next start. Delete the file: its keys are in it.");
        return ExitCode.Ok;
    }
}
