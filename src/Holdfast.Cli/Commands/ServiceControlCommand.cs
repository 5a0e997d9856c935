using System.CommandLine;
using Holdfast.Core.Problems;

namespace Holdfast.Cli.Commands;

/// <summary><c>service start</c>, <c>stop</c> and <c>restart</c>: by the service manager, so that it knows.</summary>
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
        var done = await Record.RunAsync($"service.{verb}", name, new Dictionary<string, string>(), () => Task.FromResult(Do(name)), cancel);
        return done.IsOk ? await SayAsync(name, cancel) : Terminal.Fail(done.Problems);
    }

    private Outcome<Done> Do(string name) => verb switch
    {
        "start" => Manager.Start(name),
        "stop" => Manager.Stop(name),
        _ => Manager.Stop(name).Then(_ => Manager.Start(name)),
    };
}
