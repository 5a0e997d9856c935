using System.Globalization;

namespace Holdfast.Rpc.Wire;

/// <summary>The status on the wire.</summary>
internal static class StatusText
{
    public static string Format(StatusCode code) => ((int)code).ToString(CultureInfo.InvariantCulture);

    /// <summary>The status that these headers or trailers carry; a number that nobody defined is <see cref="StatusCode.Unknown"/>.</summary>
    public static RpcStatus Parse(string status, string? message)
    {
        var detail = message is null ? "" : PercentText.Decode(message);
        return int.TryParse(status, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && Enum.IsDefined((StatusCode)number)
            ? new RpcStatus((StatusCode)number, detail)
            : new RpcStatus(StatusCode.Unknown, detail.Length > 0 ? detail : $"the status '{status}' means nothing");
    }
}
