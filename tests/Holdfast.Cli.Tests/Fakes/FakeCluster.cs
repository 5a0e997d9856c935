using Google.Protobuf.WellKnownTypes;
using Holdfast.Rpc.Server;
using Holdfast.Rpc.V1;
using static Holdfast.Rpc.V1.Cluster;

namespace Holdfast.Cli.Tests.Fakes;

internal sealed class FakeCluster : ClusterBase
{
    public TokenRequest? Asked { get; private set; }

    public override Task<TokenResponse> Token(TokenRequest request, ServerCallContext context)
    {
        Asked = request;
        return Task.FromResult(new TokenResponse { Token = "hfjoin1.abc", Until = Timestamp.FromDateTimeOffset(FixedTime.Now.AddMinutes(request.Minutes)) });
    }
}
