using System.Buffers.Text;
using System.Text;

namespace Holdfast.Supervisor.Probing;

/// <summary>
/// The smallest GET there is: one write, and as many reads as the status line takes. A web stack would cost more than the
/// service that is asked.
/// </summary>
internal static class HttpCheck
{
    /// <summary>A status line that is longer is none.</summary>
    public const int MostBytes = 1024;

    public static byte[] Request(string path, string host) => Encoding.Latin1.GetBytes(
        $"GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: holdfast-probe\r\nAccept: */*\r\nConnection: close\r\n\r\n");

    /// <summary>Whether what has come is enough to judge.</summary>
    public static bool IsEnough(ReadOnlySpan<byte> answer) => answer.Length >= MostBytes || answer.Contains((byte)'\n');

    /// <summary>Null: 200 to 399. Else what is wrong, in words.</summary>
    /// <param name="answer">All that came, or the beginning of it with the status line.</param>
    public static string? Judge(ReadOnlySpan<byte> answer)
    {
        if (answer.IsEmpty) return "it closed the connection without an answer";
        if (!answer.Contains((byte)'\n') || !answer.StartsWith("HTTP/1."u8) || answer.Length < 12 || answer[8] != (byte)' '
            || !Utf8Parser.TryParse(answer.Slice(9, 3), out int code, out var used) || used != 3)
            return "its answer is not HTTP";
        return code is >= 200 and < 400 ? null : $"HTTP status {code}";
    }
}
