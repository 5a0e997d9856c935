using System.CommandLine;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.V1;
using static Holdfast.Rpc.V1.Services;

namespace Holdfast.Cli.Commands;

internal sealed class SignalCommand : OperationCommand
{
    private readonly Argument<string> signal = new("signal") { Description = "HUP, USR1, USR2, TERM, …; with or without SIG in front" };

    public SignalCommand(CliContext cli)
        : base(cli, "signal", "Send a signal to a service's main process") => Arguments.Add(signal);

    protected override ServerStreamingCall<Progress> Call(ServicesClient services, ServiceRequest request, ParseResult parse, CallOptions options) =>
        services.Signal(new SignalRequest { Service = request.Service, Signal = NameOf(parse.GetRequiredValue(signal)), RequestId = request.RequestId }, options);

    private static string NameOf(string given)
    {
        var name = given.ToUpperInvariant();
        return name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name;
    }
}
