using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Cli.Documents;
using Holdfast.Cli.Output;
using Holdfast.Core.Problems;
using Holdfast.Rpc.V1;
using static Holdfast.Rpc.V1.Services;

namespace Holdfast.Cli.Commands;

internal sealed class PsCommand : CliCommand
{
    private static readonly TimeSpan WatchEvery = TimeSpan.FromSeconds(2);

    private readonly Argument<string?> service = new("service") { Description = "Only this service", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string> format = FormatOption.WithWide();
    private readonly Option<bool> all = new("--all-nodes", "-A") { Description = "Of all nodes of the cluster" };
    private readonly Option<bool> watch = new("--watch", "-w") { Description = "Show it again every two seconds" };

    public PsCommand(CliContext cli)
        : base(cli, "ps", "Show what runs, and how it is")
    {
        Arguments.Add(service);
        Options.Add(all);
        Options.Add(format);
        Options.Add(watch);
    }

    protected override bool IsAgentsWork => true;

    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var request = new ListInstancesRequest { Service = parse.GetValue(service) ?? "", AllNodes = parse.GetValue(all) };
        if (!parse.GetValue(watch) && ApiSession.Glance(Cli, Methods.ListInstances, request) is { } seen)
        {
            Show(seen, parse);
            return Task.FromResult(ExitCode.Ok);
        }

        return AskAsync(request, parse, cancel);
    }

    private async Task<int> AskAsync(ListInstancesRequest request, ParseResult parse, CancellationToken cancel)
    {
        using var api = ApiSession.Open(Cli);
        do
        {
            Show(await api.Services.ListInstancesAsync(request, ApiSession.Short(cancel)), parse);
            if (!parse.GetValue(watch)) return ExitCode.Ok;
            Terminal.Flush();
            await Task.Delay(WatchEvery, Cli.Time, cancel);
        }
        while (true);
    }

    private void Show(ListInstancesResponse response, ParseResult parse)
    {
        var shown = parse.Format(format);
        foreach (var warning in response.Warnings) Terminal.Say($"warning: {warning}");
        if (shown.IsDocument())
        {
            Terminal.Document(InstanceDocument.Of(response.Instances), shown);
            return;
        }

        // Home, and clear what is below: redrawn without a flicker.
        if (parse.GetValue(watch) && Terminal.IsTerminal) Terminal.Out.Write("\x1b[H\x1b[J");
        if (response.Instances.Count == 0) Terminal.Say("No service is here yet; `holdfast deploy FILE` brings one.");
        else Terminal.Out.Write(InstanceTable.Of(response.Instances, shown == OutputFormat.Wide, parse.GetValue(all), Cli.Time.GetUtcNow()));
    }
}
