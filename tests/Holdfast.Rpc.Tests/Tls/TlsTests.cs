using System.Collections.Concurrent;
using System.Net;
using Grpc.Testing;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.Server;
using Holdfast.Rpc.Tests.Calls;
using Holdfast.Rpc.Tests.Interop;
using Holdfast.Rpc.Tls;
using Holdfast.Testing.Certificates;
using static Grpc.Testing.TestService;

namespace Holdfast.Rpc.Tests.Tls;

public sealed class TlsTests : IAsyncLifetime
{
    private readonly TestCa ca = new();
    private readonly TestCa foreign = new("CN=Somebody else's root");
    private readonly ConcurrentQueue<string> refused = [];
    private readonly ConcurrentQueue<string?> callers = [];
    private RpcServer server = null!;
    private RpcHost host = null!;
    private TlsIdentity shown = null!;

    public static TheoryData<string> Cases => [.. InteropCases.Names];

    public async Task InitializeAsync()
    {
        shown = ca.Identity("node-1", TestCa.ForServers);
        server = new RpcServer(
            new RpcServerOptions
            {
                OnBug = (_, e) => Assert.Fail(e.ToString()),
                BeforeCall = context =>
                {
                    callers.Enqueue(context.ClientCertificate?.Subject);
                    return Task.CompletedTask;
                },
            },
            TimeProvider.System,
            new InteropServer());
        host = await RpcHost.ListenTlsAsync(new IPEndPoint(IPAddress.Loopback, 0), () => shown, refused.Enqueue, server, default);
    }

    public async Task DisposeAsync()
    {
        await host.DisposeAsync();
        server.Dispose();
        ca.Dispose();
        foreign.Dispose();
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task All_cases_pass_in_mutual_TLS(string name)
    {
        var alice = ca.Identity("alice", TestCa.ForClients);
        using var channel = Channel(alice);
        await InteropCases.RunAsync(name, channel, () => Channel(alice));
        Assert.All(callers, caller => Assert.Equal("CN=alice", caller));
        Assert.Empty(refused);
    }

    [Fact]
    public Task Who_has_a_certificate_of_somebody_else_is_not_let_in() =>
        RefusedAsync(foreign.Identity("mallory", TestCa.ForClients, trusts: [ca]), "CN=mallory: none of the roots here has signed it; CN=Somebody else's root has");

    [Fact]
    public Task Who_has_an_old_certificate_is_not_let_in() =>
        RefusedAsync(ca.Identity("alice", TestCa.ForClients, until: TimeSpan.FromDays(-1)), "CN=alice: it is valid from ");

    [Fact]
    public Task A_servers_certificate_opens_nothing() =>
        RefusedAsync(ca.Identity("node-2", TestCa.ForServers), "CN=node-2: it is not for this use");

    [Fact]
    public Task A_revoked_certificate_opens_nothing()
    {
        shown = shown with { Refuse = certificate => certificate.Subject == "CN=alice" ? "it was revoked on Monday" : null };
        return RefusedAsync(ca.Identity("alice", TestCa.ForClients), "CN=alice: it was revoked on Monday");
    }

    [Fact]
    public async Task Who_shows_no_certificate_gets_nothing()
    {
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=node-1";
        using var http = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, "/grpc.testing.TestService/EmptyCall"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(new byte[5]),
        };
        request.Content.Headers.ContentType = new("application/grpc");
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => http.SendAsync(request));
        await SaidAsync("none: it shows no certificate");
        Assert.Empty(callers);
    }

    [Fact]
    public async Task Who_speaks_without_TLS_gets_nothing()
    {
        using var channel = new RpcChannel(RpcTransport.Tcp(new Uri($"http://{Address.Authority}")), TimeProvider.System);
        Assert.Equal(StatusCode.Unavailable, (await FailAsync(channel)).Status.Code);
        Assert.Empty(callers);
    }

    [Theory]
    [InlineData(true, "node.example", "it is for other names than the one that was called")]
    [InlineData(false, null, "none of the roots here has signed it")]
    public async Task A_client_says_why_it_does_not_take_a_server(bool known, string? name, string words)
    {
        shown = (known ? ca : foreign).Identity("node-1", TestCa.ForServers, host: name, trusts: [ca]);
        using var channel = Channel(ca.Identity("alice", TestCa.ForClients));
        var failure = await FailAsync(channel);
        Assert.Equal(StatusCode.Unavailable, failure.Status.Code);
        Assert.Contains("the server's certificate is not taken (CN=node-1): " + words, failure.Status.Detail, StringComparison.Ordinal);
        Assert.Empty(callers);
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("node.example", "it is for other names than the one that was called")]
    public async Task Who_has_no_root_yet_judges_what_the_server_showed_when_it_has_one(string? name, string words)
    {
        shown = ca.Identity("node-1", TestCa.ForServers, host: name);
        var server = new UnprovenServer();
        Assert.Equal("it has shown nothing", server.WhyNot(shown.Roots));
        using var channel = new RpcChannel(RpcTransport.Tls(Address, server), TimeProvider.System);
        // It shows nothing itself, which this server does not take; the server was seen nevertheless.
        await FailAsync(channel);
        await SaidAsync("none: it shows no certificate");

        Assert.Equal(words, server.WhyNot(shown.Roots) ?? "");
        Assert.StartsWith("none of the roots here has signed it", server.WhyNot(foreign.Identity("x", TestCa.ForServers).Roots), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_renewed_certificate_counts_from_the_next_connection_on()
    {
        var client = ca.Identity("alice", TestCa.ForClients);
        using var old = Channel(client);
        await new TestServiceClient(old).EmptyCallAsync(new Empty());

        // Both sides move to another root, one after the other, as in a rotation.
        using var next = new TestCa("CN=Next root");
        shown = next.Identity("node-1", TestCa.ForServers, trusts: [ca, next]);
        await new TestServiceClient(old).EmptyCallAsync(new Empty());
        using var behind = Channel(client);
        Assert.Contains("CN=Next root has", (await FailAsync(behind)).Status.Detail, StringComparison.Ordinal);
        using var renewed = Channel(next.Identity("alice", TestCa.ForClients));
        await new TestServiceClient(renewed).EmptyCallAsync(new Empty());
    }

    private Uri Address => new(host.Addresses.Single());

    private RpcChannel Channel(TlsIdentity identity) => new(RpcTransport.Tls(Address, () => identity), TimeProvider.System);

    private static Task<RpcException> FailAsync(RpcChannel channel) =>
        Assert.ThrowsAsync<RpcException>(() => new TestServiceClient(channel).EmptyCallAsync(new Empty(), new CallOptions { Timeout = RpcFixture.Patience }));

    private async Task RefusedAsync(TlsIdentity client, string words)
    {
        using var channel = Channel(client);
        Assert.Equal(StatusCode.Unavailable, (await FailAsync(channel)).Status.Code);
        await SaidAsync(words);
        Assert.Empty(callers);
    }

    /// <summary>The client may be through with it before the server is.</summary>
    private async Task SaidAsync(string words)
    {
        await Eventually.SeeAsync("a word of the refusal", () => !refused.IsEmpty);
        Assert.All(refused, said => Assert.StartsWith(words, said, StringComparison.Ordinal));
    }
}
