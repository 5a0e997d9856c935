using Google.Protobuf.WellKnownTypes;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.Tests.Calls;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Holdfast.Rpc.Tests.Raw;

/// <summary>What our client says of answers that no gRPC server gives.</summary>
public sealed class HostileServerTests
{
    [Theory]
    [InlineData(200, StatusCode.Unknown)]
    [InlineData(301, StatusCode.Unknown)]
    [InlineData(400, StatusCode.Internal)]
    [InlineData(401, StatusCode.Unauthenticated)]
    [InlineData(403, StatusCode.PermissionDenied)]
    [InlineData(404, StatusCode.Unimplemented)]
    [InlineData(429, StatusCode.Unavailable)]
    [InlineData(431, StatusCode.Internal)]
    [InlineData(500, StatusCode.Unknown)]
    [InlineData(502, StatusCode.Unavailable)]
    [InlineData(503, StatusCode.Unavailable)]
    [InlineData(504, StatusCode.Unavailable)]
    public async Task A_page_of_a_proxy_has_the_status_of_gRPCs_table(int http, StatusCode expected)
    {
        var failure = await CallAsync(async context =>
        {
            context.Response.StatusCode = http;
            context.Response.ContentType = "text/html";
            await context.Response.WriteAsync("<h1>sorry</h1>");
        });
        Assert.Equal(expected, failure.Status.Code);
        Assert.Contains(http == 200 ? "text/html" : $"{http}", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("00000000", StatusCode.Internal)] // half a header
    [InlineData("000000000A0102", StatusCode.Internal)] // less than was promised
    [InlineData("007FFFFFFF", StatusCode.ResourceExhausted)]
    [InlineData("00FFFFFFFF", StatusCode.ResourceExhausted)]
    [InlineData("0700000000", StatusCode.Internal)] // no such flag
    [InlineData("010000000101", StatusCode.Internal)] // compressed, and nothing says how
    [InlineData("0000000001FF", StatusCode.Internal)] // no message
    [InlineData("00000000000000000000", StatusCode.Unimplemented)] // two where one is to be
    [InlineData("", StatusCode.Unimplemented)] // none
    public async Task Bytes_that_are_no_answer_are_no_success(string hex, StatusCode expected)
    {
        var failure = await CallAsync(async context =>
        {
            Begin(context);
            await context.Response.BodyWriter.WriteAsync(Convert.FromHexString(hex));
            context.Response.AppendTrailer("grpc-status", "0");
        });
        Assert.Equal(expected, failure.Status.Code);
    }

    [Fact]
    public async Task An_encoding_that_is_not_spoken_is_an_error_of_the_server()
    {
        var failure = await CallAsync(async context =>
        {
            Begin(context);
            context.Response.Headers["grpc-encoding"] = "snappy";
            await context.Response.BodyWriter.WriteAsync(Convert.FromHexString("010000000101"));
        });
        Assert.Equal(new RpcStatus(StatusCode.Internal, "the encoding snappy is not spoken here"), failure.Status);
    }

    [Theory]
    [InlineData("abc", "%GG%4", StatusCode.Unknown, "%GG%4")]
    [InlineData("17", null, StatusCode.Unknown, "the status '17' means nothing")]
    [InlineData("-1", null, StatusCode.Unknown, "the status '-1' means nothing")]
    [InlineData("5", "%E2%98", StatusCode.NotFound, "�")]
    [InlineData("5", "a%20b", StatusCode.NotFound, "a b")]
    public async Task A_status_that_cannot_be_read_is_unknown_and_its_words_are_kept(string status, string? message, StatusCode code, string detail)
    {
        var failure = await CallAsync(context =>
        {
            Begin(context);
            context.Response.Headers["grpc-status"] = status;
            if (message is not null) context.Response.Headers["grpc-message"] = message;
            context.Response.Headers["x-broken-bin"] = "!!!";
            context.Response.Headers["x-whole-bin"] = "AQI";
            return Task.CompletedTask;
        });
        Assert.Equal(new RpcStatus(code, detail), failure.Status);
        Assert.Null(failure.Trailers.GetBytes("x-broken-bin"));
        Assert.Equal([1, 2], failure.Trailers.GetBytes("x-whole-bin"));
    }

    [Fact]
    public async Task An_answer_without_a_status_is_unknown()
    {
        var failure = await CallAsync(async context =>
        {
            Begin(context);
            await context.Response.BodyWriter.WriteAsync(new byte[5]);
        });
        Assert.Equal(StatusCode.Unknown, failure.Status.Code);
    }

    [Theory]
    [InlineData(0, StatusCode.Internal)]
    [InlineData(1, StatusCode.Internal)]
    [InlineData(2, StatusCode.Internal)]
    [InlineData(3, StatusCode.Internal)]
    [InlineData(7, StatusCode.Unavailable)]
    [InlineData(8, StatusCode.Cancelled)]
    [InlineData(11, StatusCode.ResourceExhausted)]
    [InlineData(12, StatusCode.PermissionDenied)]
    public async Task A_reset_in_the_middle_has_the_status_of_gRPCs_table(int error, StatusCode expected)
    {
        var failure = await CallAsync(async context =>
        {
            Begin(context);
            await context.Response.BodyWriter.WriteAsync(new byte[] { 0, 0, 0, 0, 9, 1 });
            await context.Response.BodyWriter.FlushAsync();
            context.Features.GetRequiredFeature<IHttpResetFeature>().Reset(error);
        });
        Assert.Equal(expected, failure.Status.Code);
    }

    private static void Begin(HttpContext context) => context.Response.ContentType = "application/grpc";

    private static async Task<RpcException> CallAsync(RequestDelegate answer)
    {
        await using var server = await HostileServer.StartAsync(answer);
        using var channel = new RpcChannel(RpcTransport.Tcp(server.Address), TimeProvider.System);
        return await Assert.ThrowsAsync<RpcException>(() =>
            channel.UnaryAsync(TestService.Echo, new StringValue { Value = "x" }, new CallOptions { Timeout = RpcFixture.Patience }));
    }
}
