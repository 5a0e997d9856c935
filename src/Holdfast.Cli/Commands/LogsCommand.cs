using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using Holdfast.Cli.Api;
using Holdfast.Cli.Documents;
using Holdfast.Cli.Output;
using Holdfast.Core.Problems;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Commands;

internal sealed class LogsCommand : CliCommand
{
    private readonly Argument<string> service = new("service") { Description = "Whose output" };
    private readonly Option<bool> follow = new("--follow", "-f") { Description = "Go on with what comes" };
    private readonly Option<int?> tail = new("--tail", "-n") { Description = "Only the last N lines (default: all, with -f the last 100)", HelpName = "N" };
    private readonly Option<TimeSpan?> since = DurationOption.Create("--since", "Only what is younger: 30s, 10m, 2h, 1d");
    private readonly Option<string?> instance = new("--instance") { Description = "Only this instance" };
    private readonly Option<bool> details = new("--details", "-t") { Description = "Time, instance and stream in front of every line" };
    private readonly Option<string> format = FormatOption.Plain();

    public LogsCommand(CliContext cli)
        : base(cli, "logs", "Show what a service wrote")
    {
        Arguments.Add(service);
        foreach (var option in new System.CommandLine.Option[] { follow, tail, since, instance, details, format }) Options.Add(option);
    }

    protected override bool IsAgentsWork => true;

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var shown = parse.Format(format);
        var documents = shown.IsDocument() ? new DocumentStream(Terminal, shown, parse.GetValue(follow)) : null;
        var withDetails = parse.GetValue(details);
        await LogFollow.ReadAsync(Cli, Request(parse), lines =>
        {
            foreach (var line in lines.Lines) Show(line, documents, withDetails);
            Terminal.Flush();
        }, cancel);
        documents?.End();
        return ExitCode.Ok;
    }

    private LogsRequest Request(ParseResult parse)
    {
        var all = parse.GetValue(since) is not null || !parse.GetValue(follow);
        return new LogsRequest
        {
            Service = parse.GetRequiredValue(service),
            Instance = parse.GetValue(instance) ?? "",
            Follow = parse.GetValue(follow),
            Tail = parse.GetValue(tail) ?? (all ? -1 : 100),
            Since = parse.GetValue(since) is { } age ? Timestamp.FromDateTimeOffset(Cli.Time.GetUtcNow() - age) : null,
        };
    }

    private void Show(LogLine line, DocumentStream? documents, bool withDetails)
    {
        if (documents is not null) documents.Add(LogText.Document(line));
        else LogText.Show(Terminal, line, withDetails);
    }
}
