using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Core.Problems;
using Holdfast.Node.Clusters;

namespace Holdfast.Cli.Commands;

internal sealed class WitnessInitCommand : CliCommand
{
    private readonly Option<string> from = new("--from") { Description = "A file of `holdfast cluster member add`", HelpName = "FILE", Required = true };
    private readonly Option<string> executable = new("--etcd-executable") { Description = "The etcd to run; the trust policy pins it", HelpName = "FILE", DefaultValueFactory = _ => "/usr/bin/etcd" };
    private readonly Option<bool> onWindows = new("--etcd-on-windows") { Description = "Run etcd on Windows, where its makers do not test it" };

    public WitnessInitCommand(CliContext cli)
        : base(cli, "init", "Make a witness of this machine")
    {
        foreach (var option in new Option[] { from, executable, onWindows }) Options.Add(option);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var read = MemberBundle.Read(Cli.PathOf(parse.GetRequiredValue(from)));
        if (!read.TryGet(out var bundle)) return Terminal.Fail(read.Problems);
        var witness = new Witness(Cli.Home, w => Terminal.Say($"warning: {w}"), Cli.Time);
        var made = await new RecordedAct(Cli).RunAsync(
            "witness.init", $"etcd/{bundle.Member.Name}", new Dictionary<string, string> { ["cluster"] = bundle.Cluster },
            () => witness.InitAsync(bundle, parse.GetRequiredValue(executable), parse.GetValue(onWindows), cancel), cancel);
        if (!made.TryGet(out var member)) return Terminal.Fail(made.Problems);
        Terminal.Line($"member     {member.Name} of {bundle.Cluster}, at {member.ClientAddress} and {member.PeerAddress}");
        Terminal.Say("It votes while `holdfast witness` runs. Delete the file: its keys are in it.");
        return ExitCode.Ok;
    }
}
