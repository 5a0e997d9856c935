using System.CommandLine;
using System.Text.Json.Nodes;
using Holdfast.Cli.Documents;
using Holdfast.Core.Problems;
using Holdfast.Platform;

namespace Holdfast.Cli.Commands;

/// <summary>All services of this node that the service manager has, with or without an agent.</summary>
internal sealed class ServiceListCommand : NativeServiceCommand
{
    private readonly Option<string> format = FormatOption.Plain();

    public ServiceListCommand(CliContext cli)
        : base(cli, "list", "List the services of this node that the service manager starts and stops") => Options.Add(format);

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var usable = Manager.Check();
        if (!usable.IsOk) return Terminal.Fail(usable.Problems);
        var rows = new List<NativeServiceText>();
        foreach (var place in SupervisorPlace.AllOf(Cli.Home).Where(place => !place.IsShared && (UnitMark.Read(place) is not null || File.Exists(place.Pin))))
        {
            var pinned = PinnedAt(place);
            if (pinned is { IsOk: false }) Terminal.Say($"warning: {string.Join("; ", pinned.Problems)}");
            rows.Add(await LookAsync(place.Service!, pinned is { IsOk: true } ? pinned.Value : null, cancel));
        }

        var shown = parse.Format(format);
        if (shown.IsDocument()) Terminal.Document(new JsonArray([.. rows.Select(row => row.Document())]), shown);
        else if (rows.Count == 0) Terminal.Say("The service manager has no service of this node; `holdfast service install` makes one.");
        else Terminal.Out.Write(NativeServiceText.Table(rows));
        return ExitCode.Ok;
    }
}
