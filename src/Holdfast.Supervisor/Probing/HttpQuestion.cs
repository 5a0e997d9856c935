using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Holdfast.Supervisor.Probing;

/// <summary>
/// The smallest GET and POST there are: one write, and as many reads as the status line takes. A web stack would cost more than the
/// service that is asked.
/// </summary>
/// <param name="below">Statuses of success are from 200 to below it: 400 for a question, which may lead elsewhere; 300 for an order, which must have been carried out.</param>
internal sealed class HttpQuestion(byte[] bytes, int below) : ProbeQuestion
{
    /// <summary>A status line that is longer is none.</summary>
    private const int MostLine = 1024;

    public override ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>What a probe asks.</summary>
    public static HttpQuestion Get(string path, string host) => new(Encoding.Latin1.GetBytes(
        $"GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: holdfast-probe\r\nAccept: */*\r\nConnection: close\r\n\r\n"), 400);

    /// <summary>What a service is told to do.</summary>
    /// <param name="epoch">In which it is to act; null: it is about no epoch.</param>
    public static HttpQuestion Post(string path, string host, long? epoch = null)
    {
        var about = epoch is { } number ? string.Create(CultureInfo.InvariantCulture, $"Holdfast-Epoch: {number}\r\n") : "";
        return new(Encoding.Latin1.GetBytes($"POST {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: holdfast\r\nAccept: */*\r\n{about}Content-Length: 0\r\nConnection: close\r\n\r\n"), 300);
    }

    public override bool IsEnough(ReadOnlySpan<byte> answer) => answer.Length >= MostLine || answer.Contains((byte)'\n');

    public override string? Judge(ReadOnlySpan<byte> answer)
    {
        if (answer.IsEmpty) return "it closed the connection without an answer";
        if (!answer.Contains((byte)'\n') || !answer.StartsWith("HTTP/1."u8) || answer.Length < 12 || answer[8] != (byte)' '
            || !Utf8Parser.TryParse(answer.Slice(9, 3), out int code, out var used) || used != 3)
            return "its answer is not HTTP";
        return code >= 200 && code < below ? null : $"HTTP status {code}";
    }
}
