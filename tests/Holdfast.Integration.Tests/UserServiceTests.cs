using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Holdfast.Integration.Tests.Nodes;
using Holdfast.Integration.Tests.Samples;
using Holdfast.Rpc;
using Holdfast.Rpc.Client;

namespace Holdfast.Integration.Tests;

/// <summary>The gRPC sample: any client with any server, by itself and as a service of Holdfast's.</summary>
public sealed class UserServiceTests
{
    [Theory]
    [Pair(UserPrograms.CSharp, UserPrograms.CSharp)]
    [Pair(UserPrograms.Go, UserPrograms.CSharp)]
    [Pair(UserPrograms.Python, UserPrograms.CSharp)]
    [Pair(UserPrograms.Node, UserPrograms.CSharp)]
    [Pair(UserPrograms.Java, UserPrograms.CSharp)]
    [Pair(UserPrograms.CSharp, UserPrograms.Go)]
    [Pair(UserPrograms.Go, UserPrograms.Go)]
    [Pair(UserPrograms.Python, UserPrograms.Go)]
    [Pair(UserPrograms.Node, UserPrograms.Go)]
    [Pair(UserPrograms.Java, UserPrograms.Go)]
    public async Task Every_client_gets_the_same_answers_from_every_server(string client, string server, bool mutualTls)
    {
        using var certificates = new TestCertificates();
        await using var running = await UserServer.StartAsync(server, mutualTls ? certificates.Server : []);

        await UserPrograms.RunClientAsync(client, running.Address, mutualTls ? certificates.Client : []);

        running.Terminate();
        Assert.Equal(["stopping", "stopped"], await running.SeeEndAsync());
    }

    /// <summary>And so the certificates of the test above are asked for.</summary>
    [Theory]
    [UserServerData(UserPrograms.CSharp)]
    [UserServerData(UserPrograms.Go)]
    public async Task A_server_in_mutual_TLS_takes_no_client_with_a_strangers_certificate(string server)
    {
        using var certificates = new TestCertificates();
        using var strangers = new TestCertificates();
        await using var running = await UserServer.StartAsync(server, certificates.Server);

        // It believes the server, and shows what another root has signed.
        string[] options = [.. strangers.Client.Take(4), .. certificates.Client.Skip(4)];
        var refused = await Record.ExceptionAsync(() => UserPrograms.RunClientAsync(UserPrograms.CSharp, running.Address, options));

        Assert.Contains("exited with 1", refused!.Message, StringComparison.Ordinal);
        Assert.Contains("Unavailable", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Ada is 36", refused.Message.Split("stderr")[0], StringComparison.Ordinal);
    }

    [Theory]
    [UserServerData(UserPrograms.CSharp)]
    [UserServerData(UserPrograms.Go)]
    public async Task A_server_that_stops_ends_its_endless_calls_and_then_itself(string server)
    {
        // What its .proto has, in messages that have the same fields: one that is true, and any at all.
        var listUsers = new Method<BoolValue, Empty>(MethodKind.ServerStreaming, "acme.user.v1.UserService", "ListUsers", BoolValue.Parser, Empty.Parser);
        await using var running = await UserServer.StartAsync(server);
        using var channel = new RpcChannel(RpcTransport.Tcp(new Uri("http://" + running.Address)), TimeProvider.System);
        using var call = channel.ServerStreaming(listUsers, new BoolValue { Value = true }, new CallOptions(TimeSpan.FromMinutes(1), default));
        Assert.True(await call.MoveNext(default));

        running.Terminate();

        var ended = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await call.MoveNext(default)) Assert.NotNull(call.Current);
        });
        Assert.Equal(new RpcStatus(StatusCode.Unavailable, "the server is stopping"), ended.Status);
        Assert.Equal(["stopping", "stopped"], await running.SeeEndAsync());
    }

    [Theory]
    [UserServerData(UserPrograms.CSharp)]
    [UserServerData(UserPrograms.Go)]
    public async Task A_deployed_server_is_healthy_and_answers_every_client(string server)
    {
        await using var node = await TestNode.StartAsync();
        var package = Path.Combine(node.Work, "users.hfpkg");
        (await node.HoldfastAsync("pack", UserPrograms.ServerFolder(server), "-o", package)).Ok();
        (await node.HoldfastAsync("sign", package)).Ok();
        (await node.HoldfastAsync("deploy", package)).Ok();

        var row = await node.SeeAsync("healthy", "users", seen => seen is { State: "running", Health: "healthy" });
        using var rows = JsonDocument.Parse((await node.HoldfastAsync("ps", "-o", "json")).Ok().Output);
        var address = $"127.0.0.1:{rows.RootElement[0].GetProperty("ports").GetProperty("grpc").GetInt32()}";
        foreach (var client in UserPrograms.Clients.Where(client => UserPrograms.LacksClient(client) is null))
            await UserPrograms.RunClientAsync(client, address);

        (await node.HoldfastAsync("stop", "users")).Ok();
        Assert.False(TestNode.Lives(row.Pid));
        Assert.Contains("\"msg\":\"stopped\"", (await node.HoldfastAsync("logs", "users")).Ok().Output, StringComparison.Ordinal);
        Assert.Equal(0, row.Restarts);
    }
}
