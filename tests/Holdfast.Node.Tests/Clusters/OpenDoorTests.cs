using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Runtime.Versioning;
using Holdfast.Packaging.Tests.Kit;
using Holdfast.Rpc;
using Holdfast.Testing.Clocks;

namespace Holdfast.Node.Tests.Clusters;

/// <summary>Joining needs a handshake without a certificate. Nothing else is behind that door.</summary>
[SupportedOSPlatform("linux")]
public sealed class OpenDoorTests
{
    private const string Join = "/holdfast.v1.Cluster/Join";

    [Fact]
    public async Task Who_shows_no_certificate_is_refused_every_method_of_every_service_but_Join()
    {
        using TempFolder root = new();
        var clock = new ManualClock(TimeProvider.System.GetUtcNow());
        await using var node = await ClusterNode.StartAsync(await ClusterNode.AuthorityAsync(root, "node-1", clock), "node-1", clock);
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, errors) => (errors & SslPolicyErrors.RemoteCertificateNotAvailable) == 0;
        using var client = new HttpClient(handler);

        // All services of the agent, those of gRPC itself among them.
        Assert.True(node.Server.Methods.Count > 20, $"{node.Server.Methods.Count} methods");
        Assert.Contains("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", node.Server.Methods);
        Assert.Contains(Join, node.Server.Methods);
        foreach (var method in node.Server.Methods)
        {
            var status = await StatusAsync(client, new Uri($"https://{node.Address}{method}"));
            if (method == Join) Assert.Equal(StatusCode.PermissionDenied, status);
            else Assert.True(status == StatusCode.Unauthenticated, $"{method}: {status}");
        }

        // What does not exist says no more than that.
        Assert.Equal(StatusCode.Unimplemented, await StatusAsync(client, new Uri($"https://{node.Address}/holdfast.v1.Cluster/Leave")));
    }

    /// <summary>One empty message, which every method takes.</summary>
    private static async Task<StatusCode> StatusAsync(HttpClient client, Uri method)
    {
        using var content = new ByteArrayContent(new byte[5]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        using var request = new HttpRequestMessage(HttpMethod.Post, method) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = content };
        request.Headers.TE.Add(new("trailers"));
        using var response = await client.SendAsync(request);
        await response.Content.ReadAsByteArrayAsync();
        var headers = response.TrailingHeaders.Contains("grpc-status") ? (HttpHeaders)response.TrailingHeaders : response.Headers;
        return (StatusCode)int.Parse(headers.GetValues("grpc-status").Single(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
