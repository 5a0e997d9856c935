using System.Text.Json;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Control;

namespace Holdfast.Core.Tests.Supervision.Control;

public sealed class FrameTests
{
    [Fact]
    public void A_frames_bytes_are_what_the_protocol_says() => Assert.Equal(
        "03000000 02 01 0000 2A000000 616263",
        Hex(FrameWriter.ToBytes(FrameKind.Request, "abc"u8, channel: 42, flags: FrameFlags.More)));

    [Fact]
    public void Frames_come_whole_however_the_bytes_come()
    {
        var random = new Random(4711);
        var sent = Enumerable.Range(0, 200).Select(i => Payload(random, i % 7 == 0 ? 20_000 : random.Next(0, 300))).ToList();
        var bytes = sent.SelectMany((p, i) => FrameWriter.ToBytes(FrameKind.Response, p, (uint)i)).ToArray();
        var reader = new FrameReader();
        var got = new List<byte[]>();
        for (var at = 0; at < bytes.Length;)
        {
            var memory = reader.GetMemory();
            var count = Math.Min(Math.Min(memory.Length, random.Next(1, 5000)), bytes.Length - at);
            bytes.AsMemory(at, count).CopyTo(memory);
            reader.Advance(count);
            at += count;
            while (reader.TryRead(out var frame))
            {
                Assert.Equal((uint)got.Count, frame.Channel);
                got.Add(frame.Payload.ToArray());
            }
        }

        Assert.Equal(sent, got);
        Assert.Null(reader.Fault);
    }

    [Theory]
    [InlineData("FFFFFFFF0100000000000000", "a frame of 2147483647 bytes")]
    [InlineData("000000000100010000000000", "reserved")]
    [InlineData("010001000500000000000000", "a frame of 65537 bytes, where 65536 are allowed")]
    public void A_frame_that_cannot_be_one_spoils_the_stream_with_a_reason(string hex, string reason)
    {
        var reader = new FrameReader();
        Feed(reader, Convert.FromHexString(hex));
        Assert.False(reader.TryRead(out _));
        Assert.Contains(reason, reader.Fault);
        Feed(reader, FrameWriter.ToBytes(FrameKind.Hello, "{}"u8));
        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void Random_bytes_never_break_the_reader_nor_make_it_grow()
    {
        const int Seed = 20261122;
        var random = new Random(Seed);
        for (var round = 0; round < 2000; round++)
        {
            var reader = new FrameReader();
            var bytes = round % 2 == 0 ? Payload(random, random.Next(0, 4000)) : Mutated(random);
            for (var at = 0; at < bytes.Length && reader.Fault is null;)
            {
                var memory = reader.GetMemory();
                Assert.InRange(memory.Length, 1, ControlProtocol.LargestPayload * 2 + 8192);
                var count = Math.Min(memory.Length, bytes.Length - at);
                bytes.AsMemory(at, count).CopyTo(memory);
                reader.Advance(count);
                at += count;
                while (reader.TryRead(out var frame))
                    Assert.InRange(frame.Payload.Length, 0, ControlProtocol.LargestPayload);
            }
        }
    }

    [Fact]
    public void Versions_agree_on_the_newest_that_both_speak()
    {
        Assert.Equal(1, ControlProtocol.Agree(1, 1));
        Assert.Equal(ControlProtocol.Newest, ControlProtocol.Agree(ControlProtocol.Newest, ControlProtocol.Newest + 1));
        Assert.Null(ControlProtocol.Agree(ControlProtocol.Newest + 1, ControlProtocol.Newest + 2));
        Assert.Null(ControlProtocol.Agree(0, 0));
    }

    [Fact]
    public void A_neighbours_unknown_keys_are_passed_over()
    {
        var request = JsonSerializer.Deserialize("""{"id":7,"verb":"list","colour":"green","nested":{"a":[1]}}""", SupervisionJson.Default.Request)!;
        Assert.Equal((7, Verb.List), (request.Id, request.Verb));
    }

    [Fact]
    public void A_status_survives_the_wire()
    {
        var status = InstanceStatuses.Of(Instance.New(Plans.Wanted(Plans.Spec), new Moment(TimeSpan.Zero, DateTimeOffset.UnixEpoch)), new CaptureStatus { BytesRead = 5 }, new ContainmentStatus { Kind = "cgroup" });
        var response = new Response { Id = 1, Instances = [status] };
        var json = JsonSerializer.SerializeToUtf8Bytes(response, SupervisionJson.Default.Response);
        var read = JsonSerializer.Deserialize(json, SupervisionJson.Default.Response)!;
        Assert.Equal(json, JsonSerializer.SerializeToUtf8Bytes(read, SupervisionJson.Default.Response));
        Assert.Equal("payments-0", read.Instances![0].Instance);
    }

    private static byte[] Mutated(Random random)
    {
        var bytes = FrameWriter.ToBytes((FrameKind)random.Next(0, 9), Payload(random, random.Next(0, 200)), (uint)random.Next());
        for (var i = random.Next(1, 4); i > 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }

    private static void Feed(FrameReader reader, byte[] bytes)
    {
        bytes.CopyTo(reader.GetMemory());
        reader.Advance(bytes.Length);
    }

    private static byte[] Payload(Random random, int length)
    {
        var payload = new byte[length];
        random.NextBytes(payload);
        return payload;
    }

    private static string Hex(byte[] bytes)
    {
        var hex = Convert.ToHexString(bytes);
        return $"{hex[..8]} {hex[8..10]} {hex[10..12]} {hex[12..16]} {hex[16..24]} {hex[24..]}";
    }
}
