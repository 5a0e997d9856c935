using System.Net;

namespace Holdfast.Rpc.Tls;

/// <summary>A client that was not let in.</summary>
/// <param name="Why">A clause, with what its certificate calls itself.</param>
/// <param name="From">Where it is; null: the connection does not say.</param>
/// <param name="Certificate">SHA-256 of what it showed (DER), in hexadecimal digits; null: it showed nothing.</param>
public sealed record RefusedPeer(string Why, EndPoint? From, string? Certificate);
