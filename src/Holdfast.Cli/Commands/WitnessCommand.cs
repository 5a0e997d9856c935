using System.CommandLine;
using Holdfast.Core.Problems;
using Holdfast.Node.Clusters;
using Holdfast.Node.Supervisors;
using Holdfast.Platform;

namespace Holdfast.Cli.Commands;

/// <summary>Votes in the foreground: what a unit file runs.</summary>
internal sealed class WitnessCommand : CliCommand
{
    public WitnessCommand(CliContext cli)
        : base(cli, "witness", "Vote in a cluster's store, on a machine that does nothing else for it; ends etcd when it ends")
    {
        Subcommands.Add(new WitnessInitCommand(cli));
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        NewFiles.CloseToOthers();
        var witness = new Witness(Cli.Home, w => Terminal.Say($"warning: {w}"), Cli.Time);
        var ended = await witness.RunAsync(SupervisorLauncher.DefaultExecutable, Began, cancel);
        ServiceManager.Stopping();
        return ended.IsOk ? ExitCode.Ok : Terminal.Fail(ended.Problems);
    }

    private void Began()
    {
        ServiceManager.Ready();
        Terminal.Say("The witness votes; its etcd ends with it.");
    }
}
