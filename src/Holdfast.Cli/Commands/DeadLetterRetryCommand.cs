using System.CommandLine;
using System.Text.Json.Nodes;
using Holdfast.Cli.Api;
using Holdfast.Core.Problems;

namespace Holdfast.Cli.Commands;

internal sealed class DeadLetterRetryCommand : CliCommand
{
    private readonly Argument<string> sink = new("sink") { Description = "The sink's name" };
    private readonly Option<string> format = FormatOption.Plain();

    public DeadLetterRetryCommand(CliContext cli)
        : base(cli, "retry", "Send them again; returns when each is delivered, or refused again")
    {
        Arguments.Add(sink);
        Options.Add(format);
        Options.Add(new WhyOption());
    }

    protected override bool IsAgentsWork => true;

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        using var api = ApiSession.Open(Cli);
        var done = await api.Output.RetryDeadLettersAsync(new() { Sink = parse.GetRequiredValue(sink) }, new(cancel));
        var shown = parse.Format(format);
        if (shown.IsDocument()) Terminal.Document(new JsonObject { ["delivered"] = done.Delivered, ["refused"] = done.Refused }, shown);
        else Terminal.Out.Write($"{done.Delivered} delivered, {done.Refused} refused again\n");
        return done.Refused > 0 ? ExitCode.Failed : ExitCode.Ok;
    }
}
