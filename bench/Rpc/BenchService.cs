using Google.Protobuf;
using Holdfast.Rpc;
using Holdfast.Rpc.Server;
using static Holdfast.Bench.Rpc.Bench;

namespace Holdfast.Bench.Rpc;

/// <summary>The contract on our layer.</summary>
internal sealed class BenchService : BenchBase
{
    /// <summary>The body that was echoed last, in bytes.</summary>
    public int EchoedBytes { get; private set; }

    public override Task<Payload> Echo(Payload request, ServerCallContext context)
    {
        EchoedBytes = request.Body.Length;
        return Task.FromResult(new Payload { Body = request.Body });
    }

    public override async Task Down(DownRequest request, IServerStreamWriter<Payload> responses, ServerCallContext context)
    {
        var message = new Payload { Body = ByteString.CopyFrom(new byte[request.Size]) };
        for (var i = 0; i < request.Count; i++) await responses.WriteAsync(message);
    }

    public override async Task<UpResponse> Up(IAsyncStreamReader<Payload> requests, ServerCallContext context)
    {
        var response = new UpResponse();
        while (await requests.MoveNext(CancellationToken.None))
        {
            response.Messages++;
            response.Bytes += requests.Current!.Body.Length;
        }

        return response;
    }
}
