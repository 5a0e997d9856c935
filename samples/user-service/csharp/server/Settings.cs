using System.Net;
using System.Security.Cryptography;
using Holdfast.Rpc.Tls;

namespace UserServer;

/// <summary>What the command line says; where it says nothing, the environment's LISTEN.</summary>
/// <param name="Certificate">With key and roots: mutual TLS. Without: none, which is for loopback only.</param>
internal sealed record Settings(IPEndPoint Listen, string? Certificate, string? Key, string? Roots)
{
    private const string Usage = "user-server [--listen ADDRESS:PORT] [--cert FILE --key FILE --ca FILE]";

    /// <exception cref="FormatException">They are not settings; the message says what is.</exception>
    public static Settings Read(string[] args, Func<string, string?> environment)
    {
        var given = new Dictionary<string, string?> { ["--listen"] = null, ["--cert"] = null, ["--key"] = null, ["--ca"] = null };
        for (var i = 0; i < args.Length; i += 2)
        {
            if (!given.ContainsKey(args[i]) || i + 1 == args.Length)
                throw new FormatException($"{args[i]} is not an option with its value; usage: {Usage}");
            given[args[i]] = args[i + 1];
        }

        var (certificate, key, roots) = (given["--cert"], given["--key"], given["--ca"]);
        if (certificate is null != key is null || key is null != roots is null)
            throw new FormatException("--cert, --key and --ca belong together: TLS is mutual, or there is none");
        var listen = given["--listen"] ?? environment("LISTEN") ?? "127.0.0.1:50051";
        return IPEndPoint.TryParse(listen, out var endPoint)
            ? new(endPoint, certificate, key, roots)
            : throw new FormatException($"'{listen}' is not an address and a port, such as 127.0.0.1:50051; with port 0, any free one");
    }

    /// <summary>Read again at each handshake: a renewed certificate needs no restart.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="CryptographicException">It is not what it should be.</exception>
    public TlsIdentity Identity() => TlsIdentity.FromPem(File.ReadAllText(Certificate!), File.ReadAllText(Key!), File.ReadAllText(Roots!));
}
