using Holdfast.Rpc.Wire;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Rpc.Server;

/// <summary>What can be told from the headers alone: whether this is a gRPC call at all.</summary>
internal static class RequestCheck
{
    /// <summary>False: an HTTP status says what is wrong, and the request is over.</summary>
    public static bool Accept(HttpContext http)
    {
        if (!HeaderNames.IsGrpc(http.Request.ContentType))
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return false;
        }

        if (!HttpProtocol.IsHttp2(http.Request.Protocol) && !HttpProtocol.IsHttp3(http.Request.Protocol))
        {
            http.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            http.Response.Headers.Upgrade = "h2c";
            http.Response.Headers.Connection = "Upgrade";
            return false;
        }

        if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            http.Response.Headers.Allow = HttpMethods.Post;
            return false;
        }

        http.Response.ContentType = HeaderNames.ContentType;
        return true;
    }
}
