using Microsoft.AspNetCore.Http;

namespace Holdfast.Bench.Rpc;

/// <summary>Kestrel without our layer: the body is read and not looked at, the answer is always the same bytes. What is below us cannot be had for less.</summary>
internal static class Bare
{
    private static readonly byte[] Answer = [0, 0, 0, 0, 2, 0x0a, 0];

    public static async Task HandleAsync(HttpContext http)
    {
        while (true)
        {
            var read = await http.Request.BodyReader.ReadAsync();
            http.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) break;
        }

        http.Response.ContentType = "application/grpc";
        await http.Response.StartAsync();
        Answer.CopyTo(http.Response.BodyWriter.GetSpan(Answer.Length));
        http.Response.BodyWriter.Advance(Answer.Length);
        http.Response.AppendTrailer("grpc-status", "0");
    }
}
