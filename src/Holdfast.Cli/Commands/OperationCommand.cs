using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.V1;
using static Holdfast.Rpc.V1.Services;

namespace Holdfast.Cli.Commands;

/// <summary>A command that changes one service and shows how it goes.</summary>
internal abstract class OperationCommand : CliCommand
{
    private readonly Argument<string> service = new("service") { Description = "Which service" };

    protected OperationCommand(CliContext cli, string name, string description)
        : base(cli, name, description)
    {
        Arguments.Add(service);
        Options.Add(new WhyOption());
    }

    protected override bool IsAgentsWork => true;

    protected sealed override Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var request = new ServiceRequest { Service = parse.GetRequiredValue(service), RequestId = Guid.NewGuid().ToString("n") };
        return OperationRun.FollowAsync(Cli, services => Call(services, request, parse, new(cancel)), cancel);
    }

    /// <summary>Makes the call for this service and request id.</summary>
    protected abstract ServerStreamingCall<Progress> Call(ServicesClient services, ServiceRequest request, ParseResult parse, CallOptions options);
}
