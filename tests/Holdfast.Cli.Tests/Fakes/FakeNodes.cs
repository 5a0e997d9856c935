using Google.Protobuf;
using Holdfast.Rpc.Server;
using Holdfast.Rpc.V1;
using static Holdfast.Rpc.V1.Nodes;

namespace Holdfast.Cli.Tests.Fakes;

internal sealed class FakeNodes : NodesBase
{
    public GetIncidentRequest? Asked { get; private set; }

    /// <summary>What it says of its decisions, in parts as they are given.</summary>
    public List<byte[]> Incident { get; } = [];

    public override async Task GetIncident(GetIncidentRequest request, IServerStreamWriter<IncidentPart> responses, ServerCallContext context)
    {
        Asked = request;
        foreach (var part in Incident) await responses.WriteAsync(new() { Lines = ByteString.CopyFrom(part) }, context.Cancel);
    }
}
