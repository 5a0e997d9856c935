using System.CommandLine;
using System.Text.RegularExpressions;
using Google.Protobuf.WellKnownTypes;
using Holdfast.Cli.Api;
using Holdfast.Cli.Documents;
using Holdfast.Cli.Output;
using Holdfast.Core.Problems;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Commands;

internal sealed class LogsCommand : CliCommand
{
    private readonly Argument<string[]> services = new("service") { Description = "Whose output; of several, in the order in which it was written", Arity = ArgumentArity.OneOrMore };
    private readonly Option<bool> follow = new("--follow", "-f") { Description = "Go on with what comes" };
    private readonly Option<int?> tail = new("--tail", "-n") { Description = "Only the last N lines of each (default: all, with -f the last 100)", HelpName = "N" };
    private readonly Option<TimeSpan?> since = DurationOption.Create("--since", "Only what is younger: 30s, 10m, 2h, 1d");
    private readonly Option<string?> instance = new("--instance") { Description = "Only this instance" };
    private readonly Option<bool> files = new("--files") { Description = "What it wrote into the files that its spec names, in place of stdout and stderr" };
    private readonly Option<string?> grep = new("--grep") { Description = "Only lines that match this regular expression", HelpName = "PATTERN" };
    private readonly Option<string?> fields = new("--fields") { Description = "Of lines that are JSON only these members: level,msg,user.name", HelpName = "NAMES" };
    private readonly Option<bool> details = new("--details", "-t") { Description = "Time, instance and stream in front of every line" };
    private readonly Option<string> format = FormatOption.Plain();

    public LogsCommand(CliContext cli)
        : base(cli, "logs", "Show what services wrote")
    {
        grep.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } pattern && Pattern(pattern, out var why) is null) result.AddError($"'{pattern}' is no regular expression that can be used: {why}");
        });
        Arguments.Add(services);
        foreach (var option in new System.CommandLine.Option[] { follow, tail, since, instance, files, grep, fields, details, format }) Options.Add(option);
    }

    protected override bool IsAgentsWork => true;

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var shown = parse.Format(format);
        var names = parse.GetRequiredValue(services).Distinct().ToList();
        var documents = shown.IsDocument() ? new DocumentStream(Terminal, shown, parse.GetValue(follow)) : null;
        var filter = new LineFilter(parse.GetValue(grep) is { } pattern ? Pattern(pattern, out _) : null, parse.GetValue(fields)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? []);
        // Of several services nobody could tell whose a line is.
        var withDetails = parse.GetValue(details) || names.Count > 1;
        void Show(LogLine line)
        {
            if (!filter.Shows(line)) return;
            if (documents is not null) documents.Add(LogText.Document(line));
            else LogText.Show(Terminal, line, filter.Text(line), withDetails);
        }

        if (names.Count > 1 && !parse.GetValue(follow))
        {
            using var api = ApiSession.Open(Cli);
            await LogMerge.ReadAsync(api, [.. names.Select(name => Request(parse, name))], Show, cancel);
        }
        else
        {
            await FollowAsync([.. names.Select(name => Request(parse, name))], Show, cancel);
        }

        documents?.End();
        return ExitCode.Ok;
    }

    /// <summary>As it comes: what two services write at one moment is in no order.</summary>
    private async Task FollowAsync(IReadOnlyList<LogsRequest> requests, Action<LogLine> show, CancellationToken cancel)
    {
        var gate = new Lock();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var reading = requests.Select(request => LogFollow.ReadAsync(Cli, request, lines =>
        {
            lock (gate)
            {
                foreach (var line in lines.Lines) show(line);
                Terminal.Flush();
            }
        }, ending.Token)).ToList();
        // One that ends ends all, and the others are waited for before its reason is told.
        var first = await Task.WhenAny(reading);
        await ending.CancelAsync();
        foreach (var one in reading) await one.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    private LogsRequest Request(ParseResult parse, string service)
    {
        var all = parse.GetValue(since) is not null || !parse.GetValue(follow);
        return new LogsRequest
        {
            Service = service,
            Instance = parse.GetValue(instance) ?? "",
            Files = parse.GetValue(files),
            Follow = parse.GetValue(follow),
            Tail = parse.GetValue(tail) ?? (all ? -1 : 100),
            Since = parse.GetValue(since) is { } age ? Timestamp.FromDateTimeOffset(Cli.Time.GetUtcNow() - age) : null,
        };
    }

    /// <summary>Without backtracking: no pattern takes long, whatever the line.</summary>
    private static Regex? Pattern(string pattern, out string why)
    {
        try
        {
            why = "";
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            why = e is NotSupportedException ? "it needs backtracking (a back-reference or look-around)" : e.Message;
            return null;
        }
    }
}
