using System.Text;

namespace Holdfast.Telemetry.Sinks;

/// <summary>What can be told of an answer over HTTP, whoever gave it.</summary>
internal static class HttpAnswer
{
    private const int LongestExcerpt = 300;

    /// <summary>All of its body. Throws IOException where it does not end.</summary>
    /// <param name="most">Bytes that it may have.</param>
    public static async Task<byte[]> ReadAsync(HttpContent content, int most, CancellationToken cancel)
    {
        using var read = new MemoryStream();
        await using var from = await content.ReadAsStreamAsync(cancel);
        var buffer = new byte[16 << 10];
        while (await from.ReadAsync(buffer, cancel) is var got and > 0)
        {
            read.Write(buffer, 0, got);
            if (read.Length > most) throw new IOException("its answer does not end");
        }

        return read.ToArray();
    }

    /// <summary>How long it asks to be left alone; null: it does not.</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage answer, TimeProvider time) => answer.Headers.RetryAfter switch
    {
        { Delta: { } wait } => wait,
        { Date: { } at } => at - time.GetUtcNow(),
        _ => null,
    };

    /// <summary>The beginning of a body, as one line.</summary>
    public static string Excerpt(byte[] said)
    {
        var text = Encoding.UTF8.GetString(said, 0, Math.Min(said.Length, LongestExcerpt)).ReplaceLineEndings(" ");
        return text.Length > 0 ? text : "no word";
    }

    public static Exception Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e;
}
