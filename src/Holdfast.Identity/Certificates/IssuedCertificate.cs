namespace Holdfast.Identity.Certificates;

/// <summary>A certificate that the authority gave out.</summary>
/// <param name="Serial">Hexadecimal, as X.509 tools show it.</param>
/// <param name="Addresses">Of a node: what it answers under.</param>
public sealed record IssuedCertificate(string Serial, PeerName Peer, IReadOnlyList<string> Addresses, DateTimeOffset From, DateTimeOffset Until)
{
    public DateTimeOffset? RevokedAt { get; init; }

    public string? Reason { get; init; }

    public string StateAt(DateTimeOffset now) => RevokedAt is not null ? "revoked" : now > Until ? "expired" : CertificateLife.IsDue(From, Until, now) ? "ends soon" : "good";
}

/// <summary>When a certificate is to be renewed.</summary>
public static class CertificateLife
{
    /// <summary>A third of its time is left: enough to be told in time, where nobody renews it by itself.</summary>
    public static bool IsDue(DateTimeOffset from, DateTimeOffset until, DateTimeOffset now) => until - now < (until - from) / 3;
}
