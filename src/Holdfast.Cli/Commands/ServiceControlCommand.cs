using System.CommandLine;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;

namespace Holdfast.Cli.Commands;

/// <summary><c>service start</c>, <c>stop</c>, <c>restart</c>, <c>pause</c> and <c>continue</c>: by the service manager, so that it knows.</summary>
internal sealed class ServiceControlCommand : NativeServiceCommand
{
    private readonly Argument<string> service = ServiceArgument;
    private readonly string verb;

    public ServiceControlCommand(CliContext cli, string verb, string description)
        : base(cli, verb, description)
    {
        this.verb = verb;
        Arguments.Add(service);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var name = parse.GetRequiredValue(service);
        var usable = Registered(name).Then(_ => Manager.Check());
        if (!usable.IsOk) return Terminal.Fail(usable.Problems);
        var done = await Record.RunAsync($"service.{verb}", name, new Dictionary<string, string>(), () => DoAsync(name, cancel), cancel);
        return done.IsOk ? await SayAsync(name, cancel) : Terminal.Fail(done.Problems);
    }

    private async Task<Outcome<Done>> DoAsync(string name, CancellationToken cancel)
    {
        switch (verb)
        {
            case "stop": return Manager.Stop(name);
            case "pause": return await WithReasonAsync(name, await Manager.PauseAsync(name, cancel), cancel);
            case "continue": return await WithReasonAsync(name, await Manager.ContinueAsync(name, cancel), cancel);
        }

        var started = verb == "start" ? Manager.Start(name) : Manager.Stop(name).Then(_ => Manager.Start(name));
        if (!started.IsOk || !File.Exists(Pinned.PlaceOf(name).Pin)) return started;
        // For the service manager it runs as long as its supervisor does; that it is tried again is this command's wish.
        return await AskAsync(name, cancel) is { State: InstanceState.Failed or InstanceState.Completed } ? await Pinned.TryAgainAsync(name, cancel) : started;
    }

    /// <summary>The service manager says that it is not so; its supervisor knows why.</summary>
    private async Task<Outcome<Done>> WithReasonAsync(string name, Outcome<Done> done, CancellationToken cancel) =>
        done is { IsOk: false, Problems: [{ Why: null } problem] } && await AskAsync(name, cancel) is { } seen ? problem with { Why = seen.Reason } : done;
}
