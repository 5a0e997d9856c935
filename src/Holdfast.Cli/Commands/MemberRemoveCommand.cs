using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Core.Problems;
using Holdfast.Node.Clusters;

namespace Holdfast.Cli.Commands;

internal sealed class MemberRemoveCommand : CliCommand
{
    private readonly Argument<string> member = new("member") { Description = "Its name, or its id as `member list` shows it" };

    public MemberRemoveCommand(CliContext cli)
        : base(cli, "remove", "Take a member its vote; on its own node also: run it no more")
    {
        Arguments.Add(member);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var given = parse.GetRequiredValue(member);
        var removed = await new RecordedAct(Cli).RunAsync(
            "cluster.member", $"etcd/{given}", new Dictionary<string, string> { ["remove"] = "true" }, () => new EtcdMembership(Cli.Home, Cli.Time).RemoveAsync(given, cancel), cancel);
        if (!removed.IsOk) return Terminal.Fail(removed.Problems);
        Terminal.Line($"{given} is no member any more.");
        Terminal.Say($"On its machine: `holdfast cluster member remove {given}` and a restart of the agent end its etcd there; of a witness, end `holdfast witness`. Its data is of no use to anybody.");
        return ExitCode.Ok;
    }
}
