using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Cli.Documents;
using Holdfast.Cli.Output;
using Holdfast.Core.Problems;
using Holdfast.Rpc;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Commands;

internal sealed class EventsCommand : CliCommand
{
    private readonly Argument<string?> service = new("service") { Description = "Only this service", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> follow = new("--follow", "-f") { Description = "Go on with what comes" };
    private readonly Option<int> tail = new("--tail", "-n") { Description = "Only the last N; negative: all (default: 100)", HelpName = "N", DefaultValueFactory = _ => 100 };
    private readonly Option<string> format = FormatOption.Plain();

    public EventsCommand(CliContext cli)
        : base(cli, "events", "Show what happened to services, and why")
    {
        Arguments.Add(service);
        foreach (var option in new Option[] { follow, tail, format }) Options.Add(option);
    }

    protected override bool IsAgentsWork => true;

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var request = new EventsRequest { Service = parse.GetValue(service) ?? "", Follow = parse.GetValue(follow), Tail = parse.GetValue(tail) };
        using var api = ApiSession.Open(Cli);
        using var call = api.Output.Events(request, new(cancel));
        var shown = parse.Format(format);
        var documents = shown.IsDocument() ? new DocumentStream(Terminal, shown, request.Follow) : null;
        await foreach (var what in call.ReadAllAsync(cancel))
        {
            if (documents is not null) documents.Add(EventText.Document(what));
            else Terminal.Line(EventText.Line(what));
            if (request.Follow) Terminal.Flush();
        }

        documents?.End();
        return ExitCode.Ok;
    }
}
