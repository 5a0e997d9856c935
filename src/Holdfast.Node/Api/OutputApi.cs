using Google.Protobuf.WellKnownTypes;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Node.Operations;
using Holdfast.Node.Shipping;
using Holdfast.Node.Sources;
using Holdfast.Node.State;
using Holdfast.Node.Supervisors;
using Holdfast.Rpc;
using Holdfast.Platform;
using Holdfast.Rpc.Server;
using Holdfast.Rpc.V1;
using Holdfast.Segments;
using Holdfast.Telemetry.Shipping;
using Problem = Holdfast.Core.Problems.Problem;
using static Holdfast.Rpc.V1.Output;

namespace Holdfast.Node.Api;

/// <summary>What services wrote, and what happened to them: read from the supervisor's segments, whether it runs or not.</summary>
internal sealed class OutputApi(Home home, ServiceCatalog catalog, ISupervisor supervisor, LedgerReading ledger, SegmentKeys keys, ChangeRecord record, TimeProvider time) : OutputBase
{
    public override async Task Logs(LogsRequest request, IServerStreamWriter<LogLines> responses, ServerCallContext context)
    {
        var (instance, folder) = await FindAsync(request.Service, request.Instance, context.Cancel);
        var start = request.After is { } after ? SegmentStart.Behind(PlaceOf(after))
            : request.Since is { } since ? SegmentStart.Time(since.ToDateTimeOffset())
            : request.Tail >= 0 ? SegmentStart.Tail(request.Tail)
            : SegmentStart.Beginning;
        using var reader = OpenReader(instance, request.Files ? FollowedService.FolderOf(home, instance) : folder, start);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.Cancel, context.Draining);
        // A follower that loses us before the first line must not lose that line.
        if (request.Follow)
            await responses.WriteAsync(new LogLines { End = PlaceOf(reader) }, context.Cancel);
        do
        {
            // A service that writes without pause is no reason not to end.
            while (!ending.IsCancellationRequested && TryRead(instance, reader, out var block))
            {
                var message = Message(instance, block);
                message.End = PlaceOf(reader);
                await responses.WriteAsync(message, context.Cancel);
            }
        }
        while (request.Follow && await WaitAsync(reader.WaitAsync(ending.Token)));
    }

    public override async Task Events(EventsRequest request, IServerStreamWriter<Event> responses, ServerCallContext context)
    {
        using var events = new EventReader(home, request.Service, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.Cancel, context.Draining);

        // A service that is gone may still have left something to read.
        var tail = events.ReadTail(request.Tail);
        if (request.Service.Length > 0 && !events.HasAny && !await IsKnownAsync(request.Service, context.Cancel))
            throw ProblemTranslation.ToException([OperationProblems.NoService(request.Service)]);
        foreach (var happened in tail)
            await responses.WriteAsync(happened, context.Cancel);
        while (request.Follow && await WaitAsync(events.WaitAsync(ending.Token)))
        {
            foreach (var happened in events.Read())
                await responses.WriteAsync(happened, context.Cancel);
        }
    }

    public override async Task Attach(IAsyncStreamReader<AttachRequest> requests, IServerStreamWriter<AttachResponse> responses, ServerCallContext context)
    {
        if (!await requests.MoveNext(context.Cancel) || requests.Current!.Start is not { } start)
            throw ProblemTranslation.ToException([AttachSession.NoStart]);
        var (instance, folder) = await FindAsync(start.Service, start.Instance, context.Cancel);
        using var reader = OpenReader(instance, folder, start.After is { } after ? SegmentStart.Behind(PlaceOf(after)) : start.Tail >= 0 ? SegmentStart.Tail(start.Tail) : SegmentStart.Beginning);
        using var events = new EventReader(home, start.Service, time);
        using var session = new AttachSession(instance, reader, events, requests, responses, context);
        if (!start.Input)
        {
            var read = await session.RunAsync(null);
            if (!read.IsOk)
                throw ProblemTranslation.ToException(read.Problems);
            return;
        }

        var details = new Dictionary<string, string> { ["instance"] = instance };
        var done = await record.AroundAsync(
            Caller.Of(context).Actor, "attach", start.Service, Guid.NewGuid().ToString("n"), details,
            async () =>
            {
                var attached = await supervisor.AttachAsync(instance, context.Cancel);
                if (!attached.TryGet(out var input))
                    return Outcome.Failed<AttachTotal>(attached.Problems);
                await using (input)
                    return await session.RunAsync(input);
            },
            total => new Dictionary<string, string>(details) { ["bytes"] = total.ToString() });
        if (!done.IsOk)
            throw ProblemTranslation.ToException(done.Problems);
    }

    public override Task<LedgerResponse> Ledger(LedgerRequest request, ServerCallContext context)
    {
        if (request.Sink.Length > 0 && ledger.Find(request.Sink) is null) throw ProblemTranslation.ToException([NoSink(request.Sink)]);
        return Task.FromResult(ledger.Read(request.Sink, request.Service));
    }

    public override async Task DeadLetters(DeadLettersRequest request, IServerStreamWriter<DeadLetter> responses, ServerCallContext context)
    {
        if (ledger.Find(request.Sink) is null) throw ProblemTranslation.ToException([NoSink(request.Sink)]);
        foreach (var letter in DeadLetterReading.Read(home, request.Sink, request.Tail, request.Number, time))
            await responses.WriteAsync(letter, context.Cancel);
    }

    public override async Task<RetryDeadLettersResponse> RetryDeadLetters(RetryDeadLettersRequest request, ServerCallContext context)
    {
        if (ledger.Find(request.Sink) is not { } sink) throw ProblemTranslation.ToException([NoSink(request.Sink)]);
        var done = await record.AroundAsync(
            Caller.Of(context).Actor, "dead-letter.retry", request.Sink, Guid.NewGuid().ToString("n"), new Dictionary<string, string>(), async () => await RetryAsync(sink).WaitAsync(context.Cancel),
            total => new Dictionary<string, string> { ["delivered"] = $"{total.Delivered}", ["refused"] = $"{total.Refused}" });
        return done.TryGet(out var retried) ? new() { Delivered = retried.Delivered, Refused = retried.Refused } : throw ProblemTranslation.ToException(done.Problems);
    }

    private static async Task<Outcome<RetriedLetters>> RetryAsync(NamedSink sink)
    {
        try
        {
            return await sink.Shipper.RetryAsync();
        }
        catch (OperationCanceledException)
        {
            return new Problem(ProblemKind.Unavailable, "sinks.ended", $"The sink {sink.Name} ended before all were sent again.") { Mend = "those that were not are still dead letters: try again" };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Problem(ProblemKind.Failed, "sinks.dead-letters", $"The dead letters of {sink.Name} cannot be read: {e.Message}");
        }
    }

    private static Problem NoSink(string name) => new(ProblemKind.NotFound, "sinks.none", $"There is no sink '{name}'.") { Mend = "`holdfast ledger` shows those that there are; they are described in policy/sinks.yaml of the node's home" };

    private async Task<(string Instance, string Folder)> FindAsync(string service, string instance, CancellationToken cancel)
    {
        if (instance.Length == 0)
            instance = $"{service}-0";
        Check(service, instance);
        var folder = Path.Combine(home.Output, instance);
        if (!Directory.Exists(folder) && !await IsKnownAsync(service, cancel))
            throw ProblemTranslation.ToException([OperationProblems.NoService(service)]);
        return (instance, folder);
    }

    private SegmentReader OpenReader(string instance, string folder, SegmentStart start)
    {
        try
        {
            return SegmentReader.Open(folder, start, time, keys);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ProblemTranslation.ToException([NotRead(instance, e)]);
        }
    }

    internal static bool TryRead(string instance, SegmentReader reader, out SegmentBlock block)
    {
        try
        {
            return reader.TryRead(out block);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ProblemTranslation.ToException([NotRead(instance, e)]);
        }
    }

    private static Problem NotRead(string instance, Exception e) => new(ProblemKind.Failed, "output.not-read", $"The output of {instance} cannot be read: {e.Message}.")
    {
        Mend = "where it is a key that is missing: keys/segments.key of the node's home has one a line",
    };

    private static SegmentPlace PlaceOf(LogPlace place) =>
        place.Set.Length == 16 && place.Next >= 0
            ? new(new Guid(place.Set.Span), place.Next)
            : throw ProblemTranslation.ToException([new Problem(ProblemKind.BadInput, "output.place", "The place to go on at is none that a reader was given.")]);

    internal static LogPlace? PlaceOf(SegmentReader reader) =>
        reader.Place is { Next: > 0 } place ? new LogPlace { Set = Google.Protobuf.ByteString.CopyFrom(place.Set.ToByteArray()), Next = place.Next } : null;

    private async Task<bool> IsKnownAsync(string service, CancellationToken cancel)
    {
        var found = await catalog.FindAsync(service, cancel);
        return found.IsOk ? found.Value is not null : throw ProblemTranslation.ToException(found.Problems);
    }

    /// <summary>The name becomes that of a folder: nothing may be read but the output of this service.</summary>
    private static void Check(string service, string instance)
    {
        if (!InstanceNames.IsValid(instance) || !instance.StartsWith(service + "-", StringComparison.Ordinal))
            throw ProblemTranslation.ToException([new Problem(ProblemKind.BadInput, "instance.name", $"'{instance}' is no name of an instance of {service}.") { Mend = "`holdfast ps` lists those there are" }]);
    }

    /// <summary>False when it is over: the client has gone, or the agent stops.</summary>
    private static async Task<bool> WaitAsync(Task more)
    {
        try
        {
            await more;
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    internal static LogLines Message(string instance, SegmentBlock block)
    {
        var message = new LogLines();
        var path = block.Origin?.Path ?? "";
        foreach (var line in block.Split())
        {
            message.Lines.Add(new LogLine
            {
                Instance = instance,
                Sequence = line.Sequence,
                At = Timestamp.FromDateTimeOffset(line.At),
                Stream = line.Stream.Name(),
                Text = System.Text.Encoding.UTF8.GetString(line.Text.Span),
                Path = path,
            });
        }

        return message;
    }
}
