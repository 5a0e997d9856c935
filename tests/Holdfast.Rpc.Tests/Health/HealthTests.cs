using Grpc.Health.V1;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.Health;
using Holdfast.Rpc.Tests.Calls;
using static Grpc.Health.V1.Health;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Holdfast.Rpc.Tests.Health;

public sealed class HealthTests : IAsyncLifetime
{
    private readonly HealthService health = new();
    private RpcPair rpc = null!;

    private HealthClient Client => new(rpc.Channel);

    private static CallOptions Soon => new() { Timeout = RpcFixture.Patience };

    public async Task InitializeAsync() => rpc = await RpcPair.StartAsync(health);

    public async Task DisposeAsync() => await rpc.DisposeAsync();

    [Fact]
    public async Task The_server_serves_and_a_service_is_as_its_owner_says()
    {
        Assert.Equal(ServingStatus.Serving, await CheckAsync(""));
        health.Set("shop", serving: true);
        Assert.Equal(ServingStatus.Serving, await CheckAsync("shop"));
        health.Set("shop", serving: false);
        Assert.Equal(ServingStatus.NotServing, await CheckAsync("shop"));
        health.Remove("shop");
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => CheckAsync("shop"))).Status.Code);
    }

    [Fact]
    public async Task All_services_are_listed()
    {
        health.Set("shop", serving: false);
        var listed = await Client.ListAsync(new HealthListRequest(), Soon);
        Assert.Equal(
            [("", ServingStatus.Serving), ("shop", ServingStatus.NotServing)],
            listed.Statuses.Select(one => (one.Key, one.Value.Status)).OrderBy(one => one.Key, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Who_watches_learns_each_change_and_what_comes_into_being()
    {
        using var watch = Client.Watch(new HealthCheckRequest { Service = "shop" }, Soon);
        Assert.Equal(ServingStatus.ServiceUnknown, await NextAsync(watch));
        health.Set("shop", serving: true);
        Assert.Equal(ServingStatus.Serving, await NextAsync(watch));
        health.Set("other", serving: true);
        health.Set("shop", serving: true);
        health.Set("shop", serving: false);
        Assert.Equal(ServingStatus.NotServing, await NextAsync(watch));
        health.Remove("shop");
        Assert.Equal(ServingStatus.ServiceUnknown, await NextAsync(watch));
    }

    [Fact]
    public async Task Who_watches_a_server_that_stops_learns_it_before_the_end()
    {
        using var watch = Client.Watch(new HealthCheckRequest(), Soon);
        Assert.Equal(ServingStatus.Serving, await NextAsync(watch));

        var stopping = rpc.Host.StopAsync(RpcFixture.Patience);

        Assert.Equal(ServingStatus.NotServing, await NextAsync(watch));
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => watch.MoveNext(default))).Status.Code);
        await stopping.WaitAsync(RpcFixture.Patience);
        Assert.Empty(rpc.Bugs);
    }

    private async Task<ServingStatus> CheckAsync(string service) => (await Client.CheckAsync(new HealthCheckRequest { Service = service }, Soon)).Status;

    private static async Task<ServingStatus> NextAsync(ServerStreamingCall<HealthCheckResponse> watch)
    {
        Assert.True(await watch.MoveNext(default));
        return watch.Current!.Status;
    }
}
