using Google.Protobuf;
using Holdfast.Cli.Documents;
using Holdfast.Cli.Output;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Node.Api;
using Holdfast.Rpc;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.V1;
using Problem = Holdfast.Core.Problems.Problem;

namespace Holdfast.Cli.Api;

/// <summary>
/// One attachment, whichever agent gives it: when that is gone the next one is waited for, and the output goes on behind the last line that was shown. Input is
/// sent a piece at a time, each when what has become of the one before is known.
/// </summary>
/// <param name="input">Null: nothing is given to the service.</param>
internal sealed class AttachRun(CliContext cli, AttachStart start, StandardInput? input)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>What concerns who looks at the output; the rest is in `holdfast events`.</summary>
    private static readonly HashSet<string> Told = new(StringComparer.Ordinal)
    {
        EventKind.Started, EventKind.Exited, EventKind.RestartScheduled, EventKind.StartRefused, EventKind.StartFailed, EventKind.Failed, EventKind.Completed,
        EventKind.Stopped, EventKind.Removed, EventKind.Paused, EventKind.Continued,
    };

    private TaskCompletionSource<AttachTaken> taken = new();
    private bool underWay;
    private bool connected;
    private bool finished;
    private Problem? failed;

    /// <summary>The end of our input is that of the service's.</summary>
    public bool Eof { get; init; }

    /// <summary>How long its output is shown behind the end of our input.</summary>
    public TimeSpan Wait { get; init; }

    public async Task<int> RunAsync(CancellationToken cancel)
    {
        var waiting = false;
        while (true)
        {
            try
            {
                // An agent that is told to end ends the call.
                await AttachAsync(() => waiting = SayBack(waiting), cancel);
            }
            catch (Exception over) when (over is RpcException or OperationCanceledException && cancel.IsCancellationRequested)
            {
                if (connected) cli.Terminal.Say($"Detached; {start.Service} runs on.");
                throw;
            }
            catch (RpcException failure) when (connected && failure.Status.Code == StatusCode.Unavailable)
            {
                // Asked again below.
            }
            catch (RpcException failure) when (start.Input && input is { IsTerminal: true } && WhyOutputOnly(failure) is { } why)
            {
                cli.Terminal.Say(why.ToString());
                cli.Terminal.Say("Showing its output only; Ctrl-C detaches.");
                start.Input = false;
                continue;
            }

            if (underWay) Lost();
            if (failed is not null) return cli.Terminal.Fail(failed);
            if (finished) return ExitCode.Ok;
            if (!waiting) cli.Terminal.Say("The agent has gone; waiting for the next one.");
            waiting = true;
            await Task.Delay(Pause, cli.Time, cancel);
        }
    }

    private async Task AttachAsync(Action ready, CancellationToken cancel)
    {
        using var api = ApiSession.Open(cli);
        using var call = api.Output.Attach(new(cancel));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var sending = Task.CompletedTask;
        try
        {
            await call.WriteAsync(new AttachRequest { Start = start });
            await foreach (var response in call.ReadAllAsync(cancel))
            {
                switch (response.KindCase)
                {
                    case AttachResponse.KindOneofCase.Ready:
                        ready();
                        connected = true;
                        if (response.Ready.End is { } place) start.After = place;
                        if (start.Input) sending = SendAsync(call, over.Token);
                        break;
                    case AttachResponse.KindOneofCase.Output:
                        Show(response.Output);
                        break;
                    case AttachResponse.KindOneofCase.Event when Told.Contains(response.Event.Kind):
                        cli.Terminal.Say($"[holdfast] {response.Event.Kind}: {response.Event.Reason}");
                        break;
                    case AttachResponse.KindOneofCase.Taken:
                        taken.TrySetResult(response.Taken);
                        break;
                }
            }
        }
        finally
        {
            await over.CancelAsync();
            await sending;
        }
    }

    private void Show(LogLines output)
    {
        foreach (var line in output.Lines) LogText.Show(cli.Terminal, line, details: false);
        cli.Terminal.Flush();
        if (output.End is { } end) start.After = end;
    }

    /// <summary>Ends with our input, with what keeps the service from taking it, or with the call.</summary>
    private async Task SendAsync(DuplexCall<AttachRequest, AttachResponse> call, CancellationToken over)
    {
        try
        {
            while (failed is null)
            {
                var piece = await input!.ReadAsync(over);
                if (piece.IsEmpty && !Eof) break;
                Judge(await GiveAsync(call, piece, over));
                if (piece.IsEmpty) break;
            }

            if (failed is null && Wait > TimeSpan.Zero) await Task.Delay(Wait, cli.Time, over);
            finished = true;
            call.EndWriting();
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException)
        {
            // The call is over; who reads it knows why.
        }
    }

    private async Task<AttachTaken> GiveAsync(DuplexCall<AttachRequest, AttachResponse> call, ReadOnlyMemory<byte> piece, CancellationToken over)
    {
        taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
        underWay = true;
        await call.WriteAsync(new AttachRequest { Input = new AttachInput { Data = ByteString.CopyFrom(piece.Span), End = piece.IsEmpty } });
        var answer = await taken.Task.WaitAsync(over);
        underWay = false;
        return answer;
    }

    /// <summary>A person sees why, and types again; a pipe cannot.</summary>
    private void Judge(AttachTaken answer)
    {
        if (answer.Problem is not { } refused) return;
        var problem = ProblemTranslation.FromWire(refused);
        if (input!.IsTerminal) cli.Terminal.Say(problem.ToString());
        else failed = problem;
    }

    private void Lost()
    {
        underWay = false;
        var lost = new Problem(ProblemKind.Unavailable, "attach.lost", "the agent has gone while input was under way")
        {
            Why = $"whether {start.Service} has got it is not known",
            Mend = "see by its output, and send it again if need be",
        };
        if (input!.IsTerminal) cli.Terminal.Say(lost.ToString());
        else failed = lost;
    }

    private bool SayBack(bool waiting)
    {
        if (waiting) cli.Terminal.Say("The agent is back.");
        return false;
    }

    private static Problem? WhyOutputOnly(RpcException failure) =>
        ProblemTranslation.ToProblems(failure) is [{ Rule: InputProblems.ClosedRule or InputProblems.OlderRule } problem, ..] ? problem : null;
}
