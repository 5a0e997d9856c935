namespace Holdfast.Identity.Certificates;

/// <summary>A new key and the request to certify it, both PEM.</summary>
public sealed record KeyRequest(string Key, string Request)
{
    public static KeyRequest Make(PeerName peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        using var key = CertificateMaking.NewKey();
        return new(key.ExportPkcs8PrivateKeyPem() + "\n", CertificateMaking.Request(key, peer) + "\n");
    }
}
