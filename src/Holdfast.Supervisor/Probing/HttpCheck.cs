using System.Buffers.Text;
using System.Text;

namespace Holdfast.Supervisor.Probing;

/// <summary>
/// The smallest GET and POST there are: one write, and as many reads as the status line takes. A web stack would cost more than the
/// service that is asked.
/// </summary>
internal static class HttpCheck
{
    /// <summary>A status line that is longer is none.</summary>
    public const int MostBytes = 1024;

    /// <summary>What a probe asks.</summary>
    public static byte[] Question(string path, string host) => Encoding.Latin1.GetBytes(
        $"GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: holdfast-probe\r\nAccept: */*\r\nConnection: close\r\n\r\n");

    /// <summary>What a service is told to do.</summary>
    public static byte[] Order(string path, string host) => Encoding.Latin1.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: holdfast\r\nAccept: */*\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

    /// <summary>Whether what has come is enough to judge.</summary>
    public static bool IsEnough(ReadOnlySpan<byte> answer) => answer.Length >= MostBytes || answer.Contains((byte)'\n');

    /// <summary>Null: 200 to below the bound. Else what is wrong, in words.</summary>
    /// <param name="answer">All that came, or the beginning of it with the status line.</param>
    /// <param name="below">400 for a question, which may lead elsewhere; 300 for an order, which must have been carried out.</param>
    public static string? Judge(ReadOnlySpan<byte> answer, int below)
    {
        if (answer.IsEmpty) return "it closed the connection without an answer";
        if (!answer.Contains((byte)'\n') || !answer.StartsWith("HTTP/1."u8) || answer.Length < 12 || answer[8] != (byte)' '
            || !Utf8Parser.TryParse(answer.Slice(9, 3), out int code, out var used) || used != 3)
            return "its answer is not HTTP";
        return code >= 200 && code < below ? null : $"HTTP status {code}";
    }
}
