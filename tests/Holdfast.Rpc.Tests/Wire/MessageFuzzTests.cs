using System.Buffers;
using System.IO.Pipelines;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Holdfast.Rpc.Wire;

namespace Holdfast.Rpc.Tests.Wire;

/// <summary>The reader of messages under bytes from a seeded generator: the same run each time.</summary>
public sealed class MessageFuzzTests
{
    private const int MaxBytes = 10_000;

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public async Task Messages_are_read_as_they_were_written_however_the_bytes_are_cut(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var messages = Enumerable.Range(0, random.Next(8)).Select(_ => new BytesValue { Value = Bytes(random, random.Next(4000)) }).ToList();
            var written = new ArrayBufferWriter<byte>();
            foreach (var message in messages) MessageWriting.Write(written, message, compress: random.Next(2) == 0);

            var reader = Reader(random, written.WrittenMemory);
            var read = new List<BytesValue>();
            while (await reader.ReadAsync(BytesValue.Parser, default) is { } message) read.Add(message);

            Assert.Equal(messages, read);
        }
    }

    [Theory, InlineData(5), InlineData(6), InlineData(7), InlineData(8)]
    public async Task Whatever_the_bytes_are_they_are_messages_or_a_status(int seed)
    {
        var random = new Random(seed);
        var failed = 0;
        for (var round = 0; round < 2000; round++)
        {
            var written = new ArrayBufferWriter<byte>();
            for (var i = random.Next(4); i >= 0; i--) MessageWriting.Write(written, new BytesValue { Value = Bytes(random, random.Next(300)) }, compress: random.Next(2) == 0);
            var bytes = written.WrittenSpan.ToArray();
            for (var i = random.Next(4); i >= 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Next(3) == 0) bytes = bytes[..random.Next(bytes.Length)];

            var reader = Reader(random, bytes);
            try
            {
                while (await reader.ReadAsync(BytesValue.Parser, default) is { } message) Assert.True(message.Value.Length <= MaxBytes);
            }
            catch (RpcException e)
            {
                Assert.Contains(e.Status.Code, new[] { StatusCode.Internal, StatusCode.ResourceExhausted });
                failed++;
            }
        }

        Assert.InRange(failed, 200, 1999);
    }

    private static ByteString Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        // Half of them can be packed well.
        random.NextBytes(bytes.AsSpan(0, length / 2));
        return ByteString.CopyFrom(bytes);
    }

    /// <summary>A reader of these bytes, which arrive in pieces of any size.</summary>
    private static MessageReader Reader(Random random, ReadOnlyMemory<byte> bytes)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0, readerScheduler: PipeScheduler.Inline));
        var pieces = new List<int>();
        for (var left = bytes.Length; left > 0; left -= pieces[^1]) pieces.Add(Math.Min(left, 1 + random.Next(random.Next(2) == 0 ? 8 : 3000)));
        _ = FeedAsync(pipe.Writer, bytes, pieces);
        return new MessageReader(pipe.Reader, MaxBytes, Gzip.Name, StatusCode.Internal);
    }

    private static async Task FeedAsync(PipeWriter writer, ReadOnlyMemory<byte> bytes, List<int> pieces)
    {
        foreach (var piece in pieces)
        {
            await writer.WriteAsync(bytes[..piece]);
            bytes = bytes[piece..];
            await Task.Yield();
        }

        await writer.CompleteAsync();
    }
}
