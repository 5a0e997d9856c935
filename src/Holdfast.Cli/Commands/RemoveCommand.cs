using System.CommandLine;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.V1;
using static Holdfast.Rpc.V1.Services;

namespace Holdfast.Cli.Commands;

internal sealed class RemoveCommand : OperationCommand
{
    private readonly Option<bool> purge = new("--purge") { Description = "Its data folders and its output go as well" };

    public RemoveCommand(CliContext cli)
        : base(cli, "remove", "Stop a service and forget it; its data and output stay") => Options.Add(purge);

    protected override ServerStreamingCall<Progress> Call(ServicesClient services, ServiceRequest request, ParseResult parse, CallOptions options) =>
        services.Remove(new RemoveRequest { Service = request.Service, Purge = parse.GetValue(purge), RequestId = request.RequestId }, options);
}
