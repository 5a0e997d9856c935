using System.Buffers;
using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;

namespace Holdfast.Supervisor.Probing;

/// <summary>
/// The smallest GET there is: one write, and as many reads as the status line takes. A web stack would cost more than the
/// service that is asked.
/// </summary>
internal static class HttpCheck
{
    private const int MostBytes = 1024;

    public static byte[] Request(string path, string host) => Encoding.Latin1.GetBytes(
        $"GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: holdfast-probe\r\nAccept: */*\r\nConnection: close\r\n\r\n");

    /// <summary>Null: 200 to 399. Else what is wrong, in words.</summary>
    public static async ValueTask<string?> AskAsync(Socket socket, byte[] request, CancellationToken cancel)
    {
        await socket.SendAsync(request, SocketFlags.None, cancel).ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(MostBytes);
        try
        {
            var length = 0;
            while (length < MostBytes)
            {
                var count = await socket.ReceiveAsync(buffer.AsMemory(length, MostBytes - length), SocketFlags.None, cancel).ConfigureAwait(false);
                if (count == 0) return length == 0 ? "it closed the connection without an answer" : "its answer is not HTTP";
                length += count;
                if (buffer.AsSpan(0, length).Contains((byte)'\n')) return Judge(buffer.AsSpan(0, length));
            }

            return "its answer is not HTTP";
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    internal static string? Judge(ReadOnlySpan<byte> answer)
    {
        if (!answer.StartsWith("HTTP/1."u8) || answer.Length < 12 || answer[8] != (byte)' '
            || !Utf8Parser.TryParse(answer.Slice(9, 3), out int code, out var used) || used != 3)
            return "its answer is not HTTP";
        return code is >= 200 and < 400 ? null : $"HTTP status {code}";
    }
}
