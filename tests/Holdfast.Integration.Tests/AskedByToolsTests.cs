using Grpc.Health.V1;
using Grpc.Reflection.V1;
using Holdfast.Integration.Tests.Nodes;
using Holdfast.Platform;
using Holdfast.Rpc.Client;

namespace Holdfast.Integration.Tests;

/// <summary>What tools of gRPC that know nothing of Holdfast ask a server.</summary>
public sealed class AskedByToolsTests
{
    [Fact]
    public async Task The_agent_says_that_it_serves_and_what()
    {
        await using var node = await TestNode.StartAsync();
        using var channel = new RpcChannel(RpcTransport.UnixSocket(new Home(node.Home).ApiSocket), TimeProvider.System);
        var soon = new CallOptions { Timeout = TimeSpan.FromSeconds(30) };

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await new Health.HealthClient(channel).CheckAsync(new(), soon)).Status);

        using var asked = new ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo(soon);
        await asked.WriteAsync(new() { ListServices = "*" });
        Assert.True(await asked.MoveNext(default));
        var services = asked.Current!.ListServicesResponse.Service.Select(service => service.Name).ToList();
        Assert.Superset(new HashSet<string> { "holdfast.v1.Node", "holdfast.v1.Output", "holdfast.v1.Packages", "holdfast.v1.Services", "grpc.health.v1.Health" }, services.ToHashSet());
    }
}
