using System.Globalization;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Control;
using Holdfast.Node.Supervisors;
using Holdfast.Rpc;
using Holdfast.Rpc.Server;
using Holdfast.Rpc.V1;
using Holdfast.Segments;
using Problem = Holdfast.Core.Problems.Problem;

namespace Holdfast.Node.Api;

/// <summary>What was put into a process's input over one attachment.</summary>
/// <param name="Bytes">Known to be in the process's pipe.</param>
/// <param name="Unknown">May or may not be.</param>
internal readonly record struct AttachTotal(long Bytes, long Unknown)
{
    public override string ToString() => Bytes.ToString(CultureInfo.InvariantCulture) + (Unknown > 0 ? string.Create(CultureInfo.InvariantCulture, $", and {Unknown} that may or may not have arrived") : "");
}

/// <summary>
/// One client at one instance. Output and events are read where they are kept, as by everybody else; input is taken one message at a time, so that a client that
/// sends faster than the service reads is held back by its own connection.
/// </summary>
internal sealed class AttachSession(
    string instance, SegmentReader reader, EventReader events, IAsyncStreamReader<AttachRequest> requests, IServerStreamWriter<AttachResponse> responses, ServerCallContext context) : IDisposable
{
    private const int LastBlocks = 64;

    private readonly SemaphoreSlim writing = new(1, 1);
    private AttachTotal total;
    private Problem? broken;

    public static Problem NoStart => new(ProblemKind.BadInput, "attach.no-start", "An attachment begins with what it is to be attached to.");

    /// <summary>Ends when the client has sent its last message or has gone, or the agent is to end; none of that is a failure.</summary>
    /// <param name="input">Null: nothing may be put in.</param>
    public async Task<Outcome<AttachTotal>> RunAsync(IServiceInput? input)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.Cancel, context.Draining);
        // What happens from now on is told; what has happened is in the events.
        events.ReadTail(0);
        try
        {
            await WriteAsync(new() { Ready = new() { Instance = instance, End = OutputApi.PlaceOf(reader) } });
            Task[] parts = [ShowAsync(ending.Token), TellAsync(ending.Token), TakeAsync(input, ending.Token)];
            await Task.WhenAny(parts);
            await ending.CancelAsync();
            await Task.WhenAll(parts);
        }
        catch (OperationCanceledException)
        {
            // The client has gone: what it has put in counts all the same.
        }

        return broken is { } problem ? problem : total;
    }

    public void Dispose() => writing.Dispose();

    private async Task ShowAsync(CancellationToken ending)
    {
        do
        {
            while (!ending.IsCancellationRequested && await ShowNextAsync())
            {
            }
        }
        while (await IsMoreAsync(reader.WaitAsync(ending)));

        // Who detaches behind the input sees what has come by then; a service that writes without pause is no reason not to end.
        for (var left = LastBlocks; left > 0 && !context.Draining.IsCancellationRequested && await ShowNextAsync(); left--)
        {
        }
    }

    private async Task<bool> ShowNextAsync()
    {
        if (!OutputApi.TryRead(instance, reader, out var block))
            return false;
        var lines = OutputApi.Message(instance, block);
        lines.End = OutputApi.PlaceOf(reader);
        await WriteAsync(new() { Output = lines });
        return true;
    }

    private async Task TellAsync(CancellationToken ending)
    {
        while (await IsMoreAsync(events.WaitAsync(ending)))
        {
            foreach (var happened in events.Read())
            {
                if (happened.Instance == instance)
                    await WriteAsync(new() { Event = happened });
            }
        }
    }

    private async Task TakeAsync(IServiceInput? input, CancellationToken ending)
    {
        while (await IsNextAsync(ending))
        {
            if (requests.Current!.Input is not { } sent)
            {
                broken = NoStart;
                return;
            }

            var taken = input is null ? new Taken(0, NotAsked) : await GiveAsync(input, sent, ending);
            if (taken is null)
                return;
            await WriteAsync(new() { Taken = new() { Bytes = taken.Bytes, Problem = taken.Problem is { } problem ? ProblemTranslation.ToWire(problem) : null } });
        }
    }

    /// <summary>Null: it was interrupted.</summary>
    private async Task<Taken?> GiveAsync(IServiceInput input, AttachInput sent, CancellationToken ending)
    {
        var given = 0;
        do
        {
            var part = sent.Data.Memory.Slice(given, Math.Min(sent.Data.Length - given, ControlProtocol.LargestData));
            Taken taken;
            try
            {
                taken = await input.GiveAsync(part, sent.End && given + part.Length == sent.Data.Length, ending);
            }
            catch (OperationCanceledException)
            {
                Count(await input.WithdrawAsync(), part.Length);
                return null;
            }

            Count(taken.Problem?.Rule == SupervisorInput.LostRule ? null : taken.Bytes, part.Length);
            given += taken.Bytes;
            if (taken.Problem is not null)
                return taken with { Bytes = given };
        }
        while (given < sent.Data.Length);
        return new Taken(given);
    }

    private void Count(int? bytes, int sent) => total = bytes is { } known ? total with { Bytes = total.Bytes + known } : total with { Unknown = total.Unknown + sent };

    private async Task<bool> IsNextAsync(CancellationToken ending)
    {
        try
        {
            return await requests.MoveNext(ending);
        }
        catch (Exception over) when (over is OperationCanceledException or IOException)
        {
            return false;
        }
    }

    private static async Task<bool> IsMoreAsync(Task more)
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

    private async Task WriteAsync(AttachResponse response)
    {
        await writing.WaitAsync(context.Cancel);
        try
        {
            await responses.WriteAsync(response, context.Cancel);
        }
        finally
        {
            writing.Release();
        }
    }

    private static Problem NotAsked => new(ProblemKind.BadInput, "attach.no-input", "This attachment only reads: it has not asked for the standard input.");
}
