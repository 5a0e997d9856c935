using System.Net.Sockets;
using System.Text;
using Holdfast.Rpc.Wire;

namespace Holdfast.Rpc.Tests.Retries;

/// <summary>What a server may say on a connection, frame by frame.</summary>
internal static class RawAnswers
{
    private const byte Ping = 6;
    private const int PrefaceBytes = 24;

    /// <summary>Takes the client's first words and says ours.</summary>
    public static async Task GreetAsync(Stream stream)
    {
        await stream.ReadExactlyAsync(new byte[PrefaceBytes]);
        await stream.WriteAsync(Frame(ShortFrames.Settings, 0, []));
    }

    /// <summary>Reads until a request has come whole, then says that the server goes away.</summary>
    /// <param name="last">The last stream that it looked at.</param>
    public static async Task GoAwayAsync(NetworkStream stream, byte last, Http2Error error, string words)
    {
        await GreetAsync(stream);
        while (await ReadAsync(stream) is var (type, flags) && !(type == ShortFrames.Data && (flags & ShortFrames.EndStream) != 0))
        {
            if (type == ShortFrames.Settings && (flags & ShortFrames.Ack) == 0) await stream.WriteAsync(ShortFrames.SettingsTaken);
        }

        await stream.WriteAsync(Frame(ShortFrames.GoAway, 0, [0, 0, 0, last, 0, 0, 0, (byte)error, .. Encoding.ASCII.GetBytes(words)]));
        // What was not read must not take back what was said.
        stream.Socket.Shutdown(SocketShutdown.Send);
        await stream.CopyToAsync(Stream.Null);
    }

    /// <summary>Reads and takes the settings for ever, but answers no ping and no call.</summary>
    /// <param name="pinged">Told of each ping.</param>
    public static async Task KeepQuietAsync(Stream stream, Action pinged)
    {
        await GreetAsync(stream);
        while (true)
        {
            var (type, flags) = await ReadAsync(stream);
            if (type == ShortFrames.Settings && (flags & ShortFrames.Ack) == 0) await stream.WriteAsync(ShortFrames.SettingsTaken);
            if (type == Ping && (flags & ShortFrames.Ack) == 0) pinged();
        }
    }

    public static byte[] Pong(byte[] content) => Frame(Ping, ShortFrames.Ack, content);

    private static byte[] Frame(byte type, byte flags, byte[] content) => [0, (byte)(content.Length >> 8), (byte)content.Length, type, flags, 0, 0, 0, 0, .. content];

    private static async Task<(byte Type, byte Flags)> ReadAsync(Stream stream)
    {
        var head = new byte[ShortFrames.HeadBytes];
        await stream.ReadExactlyAsync(head);
        var frame = ShortFrames.Read(head);
        await stream.ReadExactlyAsync(new byte[frame.Length]);
        return (frame.Type, frame.Flags);
    }
}
