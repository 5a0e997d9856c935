using System.CommandLine;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.V1;
using static Holdfast.Rpc.V1.Services;

namespace Holdfast.Cli.Commands;

internal sealed class ReloadCommand(CliContext cli) : OperationCommand(cli, "reload", "Ask a service to read its configuration anew, as its spec says")
{
    protected override ServerStreamingCall<Progress> Call(ServicesClient services, ServiceRequest request, ParseResult parse, CallOptions options) =>
        services.Reload(request, options);
}
