using System.CommandLine;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.V1;
using static Holdfast.Rpc.V1.Services;

namespace Holdfast.Cli.Commands;

internal sealed class StartCommand(CliContext cli) : OperationCommand(cli, "start", "Start a service that was stopped or has failed")
{
    protected override ServerStreamingCall<Progress> Call(ServicesClient services, ServiceRequest request, ParseResult parse, CallOptions options) =>
        services.Start(request, options);
}
