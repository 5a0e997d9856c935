using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using Holdfast.Cli.Api;
using Holdfast.Cli.Documents;
using Holdfast.Core.Problems;
using Holdfast.Rpc;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Commands;

internal sealed class StatusCommand : CliCommand
{
    private const int EventsRead = 200, LinesShown = 10;

    /// <summary>What was written longer before a failure is seldom about it.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromMinutes(1);

    private readonly Argument<string> service = new("service") { Description = "Which" };
    private readonly Option<string> format = FormatOption.Plain();

    public StatusCommand(CliContext cli)
        : base(cli, "status", "Show one service on a page: how it is, its last failure and what it wrote before, what happened last")
    {
        Arguments.Add(service);
        Options.Add(format);
    }

    protected override bool IsAgentsWork => true;

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        using var api = ApiSession.Open(Cli);
        var name = parse.GetRequiredValue(service);
        List<Event> events = [];
        // Refused, where there is no such service.
        using (var call = api.Output.Events(new EventsRequest { Service = name, Tail = EventsRead }, new(cancel)))
        {
            await foreach (var what in call.ReadAllAsync(cancel)) events.Add(what);
        }

        var instances = (await api.Services.ListInstancesAsync(new() { Service = name }, ApiSession.Short(cancel))).Instances;
        var said = new Dictionary<string, IReadOnlyList<LogLine>>(StringComparer.Ordinal);
        foreach (var instance in instances)
        {
            if (StatusText.LastFailure(events, instance.Instance_) is { } failure) said[instance.Instance_] = await SaidAsync(api, name, instance.Instance_, failure, cancel);
        }

        var status = new StatusText(name, instances, events, said);
        var shown = parse.Format(format);
        if (shown.IsDocument()) Terminal.Document(status.Document(), shown);
        else Terminal.Out.Write(status.Text(Cli.Time.GetUtcNow()));
        return ExitCode.Ok;
    }

    private static async Task<IReadOnlyList<LogLine>> SaidAsync(ApiSession api, string service, string instance, Event failure, CancellationToken cancel)
    {
        var at = failure.At.ToDateTimeOffset();
        var request = new LogsRequest { Service = service, Instance = instance, Tail = -1, Since = Timestamp.FromDateTimeOffset(at - Before) };
        var lines = new Queue<LogLine>();
        using var call = api.Output.Logs(request, new(cancel));
        await foreach (var read in call.ReadAllAsync(cancel))
        {
            foreach (var line in read.Lines)
            {
                // What the next one writes is not about the one that ended.
                if (line.At.ToDateTimeOffset() > at) return [.. lines];
                lines.Enqueue(line);
                if (lines.Count > LinesShown) lines.Dequeue();
            }
        }

        return [.. lines];
    }
}
