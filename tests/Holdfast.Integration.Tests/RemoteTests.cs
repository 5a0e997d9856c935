using System.Net.Security;
using System.Net.Sockets;
using System.Text.Json;
using Holdfast.Integration.Tests.Nodes;
using Holdfast.Node.Api;
using Holdfast.Rpc;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.Tls;
using Holdfast.Rpc.V1;
using static Holdfast.Rpc.V1.Node;
using static Holdfast.Rpc.V1.Output;
using static Holdfast.Rpc.V1.Packages;

namespace Holdfast.Integration.Tests;

/// <summary>A node that answers across the network: to whom, and to whom not.</summary>
public sealed class RemoteTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Nobody_is_listened_to_across_the_network_unless_it_is_asked_for_and_there_is_a_certificate()
    {
        await using var node = await TestNode.StartAsync();
        Assert.Null((await ListensAsync(node)));
        await node.StopAgentAsync();

        node.AgentArguments.AddRange(["--listen", "127.0.0.1:0"]);
        var refused = await node.HoldfastAsync("agent", "--listen", "127.0.0.1:0");
        Assert.Equal(4, refused.ExitCode);
        Assert.Contains("holdfast certs init", refused.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await node.HoldfastAsync("agent", "--listen", "7420")).ExitCode);
    }

    [Fact]
    public async Task An_operator_works_a_node_from_elsewhere_and_the_record_has_the_name()
    {
        await using var node = await RemoteAsync();
        var server = await ListensAsync(node);
        (await node.HoldfastAsync("certs", "issue", "operator", "alice")).Ok();
        string[] asAlice = ["--home", Path.Combine(node.Root, "elsewhere"), "--server", server!, "--identity", "alice.pem"];
        var orders = new ServiceFolder(node, "orders").Write(ServiceFolder.Steady);

        (await node.HoldfastAsync(["deploy", await orders.SignedAsync(), .. asAlice])).Ok();
        Assert.Contains("orders", (await node.HoldfastAsync(["ps", .. asAlice])).Ok().Output, StringComparison.Ordinal);
        Assert.Contains("started", (await node.HoldfastAsync(["logs", "orders", .. asAlice])).Ok().Output, StringComparison.Ordinal);
        (await node.HoldfastAsync(["restart", "orders", .. asAlice])).Ok();

        var record = (await node.HoldfastAsync(["audit", "list", "-o", "json", .. asAlice])).Ok().Output;
        var acts = JsonDocument.Parse(record).RootElement.EnumerateArray().Where(entry => entry.GetProperty("actor").GetString() == "operator/alice").Select(entry => entry.GetProperty("action").GetString()!);
        Assert.Equal(["deploy", "push", "restart"], acts.Distinct().Order(StringComparer.Ordinal));

        var backup = await node.HoldfastAsync(["backup", "x.hfbackup", .. asAlice]);
        Assert.Equal(3, backup.ExitCode);
        Assert.Contains("operator/alice may not make a backup", backup.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await node.HoldfastAsync(["certs", "list", .. asAlice])).ExitCode);
    }

    [Fact]
    public async Task An_admin_may_what_the_machines_owner_may()
    {
        await using var node = await RemoteAsync();
        (await node.HoldfastAsync("certs", "issue", "admin", "root")).Ok();
        string[] asAdmin = ["--server", (await ListensAsync(node))!, "--identity", "root.pem"];

        Assert.Contains("by admin/root", (await node.HoldfastAsync(["backup", "x.hfbackup", .. asAdmin])).Ok().Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(node.Work, "x.hfbackup")));
    }

    [Fact]
    public async Task Who_shows_nothing_or_something_else_gets_nothing_not_even_a_list()
    {
        await using var node = await RemoteAsync();
        var server = new Uri($"https://{await ListensAsync(node)}");
        using (var plain = new RpcChannel(RpcTransport.Tcp(new Uri($"http://{server.Authority}")), TimeProvider.System))
            Assert.Equal(StatusCode.Unavailable, (await RefusedAsync(new(plain))).Status.Code);

        using (var nothing = new RpcChannel(RpcTransport.Tls(server, new UnprovenServer()), TimeProvider.System))
            Assert.Equal(StatusCode.Unauthenticated, (await RefusedAsync(new(nothing))).Status.Code);

        await using var other = await RemoteAsync();
        (await other.HoldfastAsync("certs", "issue", "admin", "stranger")).Ok();
        var stranger = Shown(other, "stranger");
        // It believes our root, so that only the node's own judgement is in its way.
        var roots = File.ReadAllText(Path.Combine(node.Home, "keys", "pki", "roots.pem"));
        using (var channel = Channel(server, TlsIdentity.FromPem(stranger, stranger, roots)))
            Assert.Equal(StatusCode.Unavailable, (await RefusedAsync(new(channel))).Status.Code);

        (await node.HoldfastAsync("certs", "issue", "node", "node-2", "--address", "node-2.example")).Ok();
        using (var channel = Channel(server, Identity(node, "node-2")))
            Assert.Equal(StatusCode.PermissionDenied, (await RefusedAsync(new(channel))).Status.Code);
    }

    [Fact]
    public async Task Who_is_revoked_is_refused_on_the_connection_that_is_open_and_on_every_new_one()
    {
        await using var node = await RemoteAsync();
        var server = new Uri($"https://{await ListensAsync(node)}");
        (await node.HoldfastAsync("certs", "issue", "operator", "alice")).Ok();
        (await node.HoldfastAsync("certs", "issue", "operator", "bob")).Ok();
        using var alice = Channel(server, Identity(node, "alice"));
        using var bob = Channel(server, Identity(node, "bob"));
        await new NodeClient(alice).GetNodeAsync(new(), new(Patience, default));
        await new NodeClient(bob).GetNodeAsync(new(), new(Patience, default));
        using var hers = new OutputClient(alice).Events(new() { Follow = true, Tail = 0 }, new(default(CancellationToken)));
        using var his = new OutputClient(bob).Events(new() { Follow = true, Tail = 0 }, new(default(CancellationToken)));
        var (shown, following) = (hers.MoveNext(default), his.MoveNext(default));

        (await node.HoldfastAsync("certs", "revoke", "alice", "--reason", "left the team")).Ok();

        var refused = await RefusedAsync(new(alice));
        Assert.Equal(StatusCode.PermissionDenied, refused.Status.Code);
        Assert.Contains("left the team", refused.Status.Detail, StringComparison.Ordinal);
        using var again = Channel(server, Identity(node, "alice"));
        Assert.Equal(StatusCode.Unavailable, (await RefusedAsync(new(again))).Status.Code);
        await new NodeClient(bob).GetNodeAsync(new(), new(Patience, default));

        // What she had open before ends too, and says why; his goes on.
        var ended = await Assert.ThrowsAsync<RpcException>(() => shown.WaitAsync(Patience));
        Assert.Equal(StatusCode.PermissionDenied, ended.Status.Code);
        Assert.Contains("left the team", Assert.Single(ProblemTranslation.ToProblems(ended)).What, StringComparison.Ordinal);
        (await new ServiceFolder(node, "orders").Write(ServiceFolder.Steady).DeployAsync()).Ok();
        Assert.True(await following.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_renewed_certificate_is_shown_without_a_restart_and_without_a_cut()
    {
        await using var node = await RemoteAsync();
        var server = new Uri($"https://{await ListensAsync(node)}");
        (await node.HoldfastAsync("certs", "issue", "operator", "alice")).Ok();
        using var before = Channel(server, Identity(node, "alice"));
        using var events = new OutputClient(before).Events(new() { Follow = true, Tail = 0 }, new(default(CancellationToken)));
        var following = events.MoveNext(default);
        var first = await SerialAsync(server);

        (await node.HoldfastAsync("certs", "renew")).Ok();

        Assert.NotEqual(first, await SerialAsync(server));
        (await new ServiceFolder(node, "orders").Write(ServiceFolder.Steady).DeployAsync()).Ok();
        Assert.True(await following.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_push_that_was_cut_goes_on_where_it_was_whatever_was_killed()
    {
        await using var node = await TestNode.StartAsync();
        var orders = new ServiceFolder(node, "orders").Write(ServiceFolder.Steady);
        orders.WriteFile("ballast.bin", string.Concat(Enumerable.Range(0, 40_000).Select(number => $"{number:x8}")));
        var package = await File.ReadAllBytesAsync(await orders.SignedAsync());
        var digest = $"sha256:{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(package))}";
        const int Sent = 100_000;

        using (var channel = Local(node))
        using (var cut = new PackagesClient(channel).Push(new(default(CancellationToken))))
        {
            await cut.WriteAsync(new() { Name = "orders.hfpkg", Digest = digest });
            await cut.WriteAsync(new() { Chunk = Google.Protobuf.ByteString.CopyFrom(package, 0, Sent) });
            await Eventually.SeeAsync("what was sent", () => ReceivedAsync(channel, digest), received => received == Sent);
        }

        await node.KillAgentAsync();
        await node.StartAgentAsync();
        using var next = Local(node);
        Assert.Equal(Sent, await ReceivedAsync(next, digest));
        Assert.Equal("package.push-gap", await PushFromAsync(next, package, digest, Sent + 1));
        Assert.Equal("", await PushFromAsync(next, package, digest, Sent));
        Assert.Equal(0, await ReceivedAsync(next, digest));

        // What came is not what was announced: nothing of it stays.
        package[^1] ^= 1;
        var other = $"sha256:{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(package))}";
        package[0] ^= 1;
        Assert.Equal("package.push-damaged", await PushFromAsync(next, package, other, 0));
        Assert.Equal(0, await ReceivedAsync(next, other));
        Assert.Equal("package.push-digest", await PushFromAsync(next, package, "sha256:../../x", 0));
    }

    [Fact]
    public async Task The_one_who_sends_the_same_package_again_takes_over_from_a_connection_that_hangs()
    {
        await using var node = await TestNode.StartAsync();
        var package = await File.ReadAllBytesAsync(await new ServiceFolder(node, "orders").Write(ServiceFolder.Steady).SignedAsync());
        var digest = $"sha256:{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(package))}";
        using var channel = Local(node);
        using var hanging = new PackagesClient(channel).Push(new(default(CancellationToken)));
        await hanging.WriteAsync(new() { Name = "orders.hfpkg", Digest = digest });
        await hanging.WriteAsync(new() { Chunk = Google.Protobuf.ByteString.CopyFrom(package, 0, 10) });
        await Eventually.SeeAsync("what was sent", () => ReceivedAsync(channel, digest), received => received == 10);

        Assert.Equal("", await PushFromAsync(channel, package, digest, 10));
        var overtaken = await Assert.ThrowsAsync<RpcException>(() => hanging.CompleteAsync().WaitAsync(Patience));
        Assert.Contains("sent again meanwhile", overtaken.Status.Detail, StringComparison.Ordinal);
    }

    private static async Task<TestNode> RemoteAsync()
    {
        var node = TestNode.Create();
        (await node.HoldfastAsync("keys", "init")).Ok();
        (await node.HoldfastAsync("certs", "init")).Ok();
        node.AgentArguments.AddRange(["--listen", "127.0.0.1:0"]);
        await node.StartAgentAsync();
        return node;
    }

    private static async Task<string?> ListensAsync(TestNode node) =>
        JsonDocument.Parse((await node.HoldfastAsync("node", "-o", "json")).Ok().Output).RootElement.GetProperty("listens").GetString();

    private static string Shown(TestNode node, string name) => File.ReadAllText(Path.Combine(node.Work, name + ".pem"));

    private static TlsIdentity Identity(TestNode node, string name) =>
        TlsIdentity.FromPem(Shown(node, name), Shown(node, name), File.ReadAllText(Path.Combine(node.Home, "keys", "pki", "roots.pem")));

    private static RpcChannel Channel(Uri server, TlsIdentity identity) => new(RpcTransport.Tls(server, () => identity), TimeProvider.System);

    private static RpcChannel Local(TestNode node) => new(RpcTransport.UnixSocket(Path.Combine(node.Home, "run", "api.sock")), TimeProvider.System);

    private static async Task<RpcException> RefusedAsync(NodeClient client) => await Assert.ThrowsAsync<RpcException>(async () => await client.GetNodeAsync(new(), new(Patience, default)));

    private static async Task<string> SerialAsync(Uri server)
    {
        var serial = "";
        using var socket = new TcpClient(server.Host, server.Port);
        await using var tls = new SslStream(socket.GetStream(), false, (_, certificate, _, errors) =>
        {
            serial = certificate!.GetSerialNumberString();
            return (errors & SslPolicyErrors.RemoteCertificateNotAvailable) == 0;
        });
        await Record.ExceptionAsync(() => tls.AuthenticateAsClientAsync(server.Host));
        return serial;
    }

    private static async Task<long> ReceivedAsync(RpcChannel channel, string digest) =>
        (await new PackagesClient(channel).GetPushAsync(new() { Digest = digest }, new(Patience, default))).Received;

    /// <summary>Empty where it was taken, else the problem's rule.</summary>
    private static async Task<string> PushFromAsync(RpcChannel channel, byte[] package, string digest, long from)
    {
        using var call = new PackagesClient(channel).Push(new(Patience, default));
        try
        {
            await call.WriteAsync(new() { Name = "orders.hfpkg", Digest = digest, Offset = from });
            if (from < package.Length) await call.WriteAsync(new() { Chunk = Google.Protobuf.ByteString.CopyFrom(package, (int)from, package.Length - (int)from) });
            Assert.Equal("orders", (await call.CompleteAsync()).Service);
            return "";
        }
        catch (RpcException refused)
        {
            return Problems.Parser.ParseFrom(refused.Trailers.GetBytes("holdfast-problems-bin")).Problems_[0].Rule;
        }
    }
}
