using System.Net;
using System.Net.Http.Headers;
using Holdfast.Rpc.Wire;

namespace Holdfast.Rpc.Client;

/// <summary>What can be told from the headers of an answer: whether a gRPC server gave it.</summary>
internal static class ResponseCheck
{
    /// <exception cref="RpcException">It was something else, such as a proxy.</exception>
    public static void Check(HttpResponseMessage answer)
    {
        // A status of gRPC's own wins over whatever else looks wrong.
        if (Single(answer.Headers, HeaderNames.Status) is not null) return;
        if (answer.StatusCode != HttpStatusCode.OK)
            throw new RpcException(StatusOf(answer.StatusCode), $"the answer was HTTP status {(int)answer.StatusCode}, not gRPC");
        var contentType = answer.Content.Headers.ContentType?.ToString();
        if (!HeaderNames.IsGrpc(contentType))
            throw new RpcException(StatusCode.Unknown, $"the answer was {contentType ?? "of no type"}, not gRPC");
    }

    public static string? Single(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) && values.Count > 0 ? values.First() : null;

    /// <summary>gRPC's own table for answers that carry no gRPC status.</summary>
    private static StatusCode StatusOf(HttpStatusCode status) => (int)status switch
    {
        400 or 431 => StatusCode.Internal,
        401 => StatusCode.Unauthenticated,
        403 => StatusCode.PermissionDenied,
        404 => StatusCode.Unimplemented,
        429 or 502 or 503 or 504 => StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };
}
