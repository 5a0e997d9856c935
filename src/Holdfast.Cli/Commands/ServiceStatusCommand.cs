using System.CommandLine;
using Holdfast.Core.Problems;
using Holdfast.Platform;

namespace Holdfast.Cli.Commands;

/// <summary>Everything about one service that the service manager has.</summary>
internal sealed class ServiceStatusCommand : NativeServiceCommand
{
    private readonly Argument<string> service = ServiceArgument;
    private readonly Option<string> format = FormatOption.Plain();

    public ServiceStatusCommand(CliContext cli)
        : base(cli, "status", "Show how a service is: its state, its process, what is pinned of it")
    {
        Arguments.Add(service);
        Options.Add(format);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var name = parse.GetRequiredValue(service);
        var usable = Registered(name).Then(place => Manager.Check().Then<SupervisorPlace>(_ => place));
        if (!usable.TryGet(out var at)) return Terminal.Fail(usable.Problems);
        var pinned = PinnedAt(at);
        if (pinned is { IsOk: false }) return Terminal.Fail(pinned.Problems);
        var row = (await LookAsync(name, pinned?.Value, cancel)) with { Drift = DriftOf(pinned?.Value) };
        var shown = parse.Format(format);
        if (shown.IsDocument()) Terminal.Document(row.Document(), shown);
        else Terminal.Out.Write(row.Text(Cli.Time.GetUtcNow()));
        return ExitCode.Ok;
    }
}
