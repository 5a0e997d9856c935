using System.CommandLine;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.V1;
using static Holdfast.Rpc.V1.Services;

namespace Holdfast.Cli.Commands;

internal sealed class RestartCommand(CliContext cli) : OperationCommand(cli, "restart", "Stop a service and start it again")
{
    protected override ServerStreamingCall<Progress> Call(ServicesClient services, ServiceRequest request, ParseResult parse, CallOptions options) =>
        services.Restart(request, options);
}
