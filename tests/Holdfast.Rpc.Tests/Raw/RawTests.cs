using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Holdfast.Rpc.Tests.Calls;

namespace Holdfast.Rpc.Tests.Raw;

/// <summary>What the server does with bytes that no client of ours would send.</summary>
public sealed class RawTests
{
    private const string Echo = "/test.v1.Test/Echo";

    [Theory]
    [InlineData("application/json", 415)]
    [InlineData("application/grpcx", 415)]
    [InlineData("application/grpc", 200)]
    [InlineData("application/grpc+proto", 200)]
    [InlineData("application/grpc;charset=utf-8", 200)]
    public async Task The_content_type_must_be_grpc(string contentType, int expected)
    {
        await using var rpc = await RpcFixture.StartAsync();
        using var answer = await PostAsync(rpc, Echo, Frame("x"), contentType);

        Assert.Equal(expected, (int)answer.StatusCode);
    }

    [Fact]
    public async Task A_good_call_has_its_status_in_the_trailers()
    {
        await using var rpc = await RpcFixture.StartAsync();
        using var answer = await PostAsync(rpc, Echo, Frame("hello"));

        Assert.Equal(Frame("hello"), await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal("application/grpc", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("0", answer.TrailingHeaders.GetValues("grpc-status").Single());
    }

    [Fact]
    public async Task A_failure_before_any_message_is_one_block_of_headers()
    {
        await using var rpc = await RpcFixture.StartAsync();
        using var answer = await PostAsync(rpc, "/test.v1.Test/echo", Frame("the case of the path counts"));

        Assert.Equal("12", answer.Headers.GetValues("grpc-status").Single());
        Assert.Empty(answer.TrailingHeaders);
    }

    [Theory]
    [InlineData("", 12, "the call came without its message")]
    [InlineData("00", 13, "the stream ended in the middle of a message")]
    [InlineData("0000000005FF", 13, "the stream ended in the middle of a message")]
    [InlineData("0200000000", 13, "a message begins with the flag 2, which means nothing")]
    [InlineData("0100000000", 13, "a compressed message came without grpc-encoding")]
    [InlineData("00FFFFFFFF", 8, "a message of 4294967295 bytes is larger than the 4194304 bytes that are taken")]
    [InlineData("0000000002FFFF", 13, "a message is not what its type says")]
    [InlineData("00000000000000000000", 12, "the call has one message, and more came")]
    public async Task Bytes_that_are_no_message_get_a_status_that_says_why(string hex, int status, string message)
    {
        await using var rpc = await RpcFixture.StartAsync();
        using var answer = await PostAsync(rpc, Echo, Convert.FromHexString(hex));

        Assert.Equal($"{status}", answer.Headers.GetValues("grpc-status").Single());
        Assert.Equal(message, Uri.UnescapeDataString(answer.Headers.GetValues("grpc-message").Single()));
        Assert.Empty(rpc.Bugs);
    }

    [Fact]
    public async Task An_encoding_that_is_not_spoken_is_named_with_those_that_are()
    {
        await using var rpc = await RpcFixture.StartAsync();
        using var answer = await PostAsync(rpc, Echo, [1, 0, 0, 0, 0], edit: request => request.Headers.Add("grpc-encoding", "snappy"));

        Assert.Equal("12", answer.Headers.GetValues("grpc-status").Single());
        Assert.Equal("identity,gzip", answer.Headers.GetValues("grpc-accept-encoding").Single());
    }

    [Theory]
    [InlineData(Packing.Whole, 0, null)]
    [InlineData(Packing.Empty, 0, null)]
    [InlineData(Packing.CutShort, 13, "a compressed message cannot be unpacked")]
    [InlineData(Packing.Noise, 13, "a compressed message cannot be unpacked")]
    [InlineData(Packing.TooLarge, 8, "a compressed message is larger than the 4194304 bytes that are taken, when unpacked")]
    public async Task A_packed_message_is_taken_or_refused_with_the_reason(Packing packing, int status, string? message)
    {
        await using var rpc = await RpcFixture.StartAsync();
        var packed = Pack(new StringValue { Value = packing == Packing.TooLarge ? new string('x', 50_000_000) : "packed" }.ToByteArray());
        byte[] body = packing switch
        {
            Packing.Empty => [],
            Packing.CutShort => packed[..^10],
            Packing.Noise => [1, 2, 3, 4, 5],
            _ => packed,
        };
        using var answer = await PostAsync(rpc, Echo, [1, 0, (byte)(body.Length >> 16), (byte)(body.Length >> 8), (byte)body.Length, .. body], edit: request =>
            request.Headers.Add("grpc-encoding", "gzip"));

        var content = await answer.Content.ReadAsByteArrayAsync();
        var said = message is null ? answer.TrailingHeaders : answer.Headers;
        Assert.Equal($"{status}", said.GetValues("grpc-status").Single());
        if (message is null) Assert.Equal(packing == Packing.Empty ? "" : "packed", StringValue.Parser.ParseFrom(content.AsSpan(5)).Value);
        else Assert.Equal(message, Uri.UnescapeDataString(said.GetValues("grpc-message").Single()));
        Assert.Empty(rpc.Bugs);
    }

    /// <summary>What became of a message on its way.</summary>
    public enum Packing
    {
        Whole,
        Empty,
        CutShort,
        Noise,
        TooLarge,
    }

    private static byte[] Pack(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize)) gzip.Write(plain);
        return packed.ToArray();
    }

    [Fact]
    public async Task Headers_travel_as_text_and_as_bytes_padded_or_not_joined_or_not()
    {
        await using var rpc = await RpcFixture.StartAsync();
        using var answer = await PostAsync(rpc, Echo, Frame("x"), edit: request =>
        {
            request.Headers.Add("x-echo-initial", "hello");
            request.Headers.TryAddWithoutValidation("x-echo-trailing-bin", "AA==,qw");
        });

        await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal("hello", answer.Headers.GetValues("x-echo-initial").Single());
        Assert.Equal("qw", answer.TrailingHeaders.GetValues("x-echo-trailing-bin").Single());
    }

    [Theory, InlineData("100m"), InlineData("100000u"), InlineData("99999999n")]
    public async Task The_servers_own_clock_ends_a_call_with_trailers(string timeout)
    {
        await using var rpc = await RpcFixture.StartAsync();
        using var answer = await PostAsync(rpc, "/test.v1.Test/Hang", Frame("x"), edit: request => request.Headers.Add("grpc-timeout", timeout));

        Assert.Equal("4", answer.Headers.GetValues("grpc-status").Single());
    }

    [Theory, InlineData("x"), InlineData("1"), InlineData("-5S"), InlineData("123456789S"), InlineData("S")]
    public async Task A_timeout_that_cannot_be_read_is_as_good_as_none(string timeout)
    {
        await using var rpc = await RpcFixture.StartAsync();
        using var answer = await PostAsync(rpc, Echo, Frame("x"), edit: request => request.Headers.TryAddWithoutValidation("grpc-timeout", timeout));

        await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal("0", answer.TrailingHeaders.GetValues("grpc-status").Single());
    }

    [Fact]
    public async Task A_get_is_not_a_call()
    {
        await using var rpc = await RpcFixture.StartAsync();
        using var answer = await PostAsync(rpc, Echo, Frame("x"), edit: request => request.Method = HttpMethod.Put);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
    }

    internal static byte[] Frame(string text)
    {
        var body = new StringValue { Value = text }.ToByteArray();
        var frame = new byte[5 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), body.Length);
        body.CopyTo(frame, 5);
        return frame;
    }

    private static async Task<HttpResponseMessage> PostAsync(
        RpcFixture rpc, string path, byte[] body, string contentType = "application/grpc", Action<HttpRequestMessage>? edit = null)
    {
        using var http = new HttpClient { Timeout = RpcFixture.Patience };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(rpc.Address, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        request.Headers.TE.ParseAdd("trailers");
        edit?.Invoke(request);
        return await http.SendAsync(request);
    }
}
