using System.CommandLine;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.V1;
using static Holdfast.Rpc.V1.Services;

namespace Holdfast.Cli.Commands;

internal sealed class RollbackCommand : OperationCommand
{
    private readonly Option<int> to = new("--to") { Description = "The release to go back to (default: the one before the present one)", HelpName = "RELEASE" };

    public RollbackCommand(CliContext cli)
        : base(cli, "rollback", "Move a service to an earlier release") => Options.Add(to);

    protected override ServerStreamingCall<Progress> Call(ServicesClient services, ServiceRequest request, ParseResult parse, CallOptions options) =>
        services.Rollback(new RollbackRequest { Service = request.Service, Release = parse.GetValue(to), RequestId = request.RequestId }, options);
}
