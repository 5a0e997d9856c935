using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Control;
using Holdfast.Platform;

namespace Holdfast.Node.Supervisors;

/// <summary>A channel to an instance's standard input, opened again over each new connection to its supervisor.</summary>
internal sealed class SupervisorInput(Func<CancellationToken, Task<Outcome<SupervisorLink>>> connect, SupervisorPlace place, string instance, TimeProvider time) : IServiceInput
{
    /// <summary>How long it may take until the supervisor says what it had written of what is taken back.</summary>
    private static readonly TimeSpan WithdrawPatience = TimeSpan.FromSeconds(2);

    /// <summary>What was sent may have arrived or not.</summary>
    public const string LostRule = "attach.lost";

    private SupervisorLink? link;
    private uint channel;
    private Task<Taken?>? underWay;

    public async Task<Outcome<Done>> OpenAsync(CancellationToken cancel)
    {
        var linked = await connect(cancel).ConfigureAwait(false);
        if (!linked.TryGet(out var connected)) return Outcome.Failed<Done>(linked.Problems);
        var number = connected.NewChannel();
        var response = await connected.AskAsync(id => new Request { Id = id, Verb = Verb.Attach, Instance = instance, Channel = number }, cancel).ConfigureAwait(false);
        if (response is null) return Lost;
        if (response.Problems is [{ Rule: "supervisor.not-understood" }, ..]) return TooOld(connected.Identity.Version);
        if (response.Problems is { Count: > 0 } problems) return Outcome.Failed<Done>(problems);
        (link, channel) = (connected, number);
        return Outcome.Done;
    }

    public async Task<Taken> GiveAsync(ReadOnlyMemory<byte> bytes, bool ends, CancellationToken cancel)
    {
        if (link is null or { IsBroken: true })
        {
            var opened = await OpenAsync(cancel).ConfigureAwait(false);
            if (!opened.IsOk) return new Taken(0, opened.Problems[0]);
        }

        underWay = link!.GiveAsync(channel, bytes, ends);
        var taken = await underWay.WaitAsync(cancel).ConfigureAwait(false);
        underWay = null;
        return taken ?? new Taken(0, Lost);
    }

    public async Task<int?> WithdrawAsync()
    {
        var (open, frame) = (link, underWay);
        (link, underWay) = (null, null);
        if (open is not null) await open.CloseAsync(channel).ConfigureAwait(false);
        if (frame is null) return 0;
        try
        {
            return (await frame.WaitAsync(WithdrawPatience, time).ConfigureAwait(false))?.Bytes;
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync() => await WithdrawAsync().ConfigureAwait(false);

    private Problem Lost => new(ProblemKind.Unavailable, LostRule, $"the supervisor was replaced, or has gone, while input for {instance} was under way")
    {
        Why = "whether the process has got it is not known",
        Mend = "see by its output, and send it again if need be",
    };

    private Problem TooOld(string version) => new(ProblemKind.Conflict, InputProblems.OlderRule, $"the supervisor of {place.Service ?? "this node"} is of version {version}, which takes no input for services")
    {
        Mend = "`holdfast upgrade` replaces it under its services; `holdfast attach --no-stdin` shows their output",
    };
}
