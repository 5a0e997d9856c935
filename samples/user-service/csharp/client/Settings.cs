using System.Security.Cryptography;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.Tls;

namespace UserClient;

/// <summary>Which server is called, and how.</summary>
internal static class Settings
{
    private const string Usage = "user-client [--server ADDRESS:PORT] [--cert FILE --key FILE --ca FILE]";

    /// <exception cref="FormatException">They are not settings; the message says what is.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="CryptographicException">It is not what it should be.</exception>
    public static RpcTransport Read(string[] args)
    {
        var given = new Dictionary<string, string?> { ["--server"] = "127.0.0.1:50051", ["--cert"] = null, ["--key"] = null, ["--ca"] = null };
        for (var i = 0; i < args.Length; i += 2)
        {
            if (!given.ContainsKey(args[i]) || i + 1 == args.Length)
                throw new FormatException($"{args[i]} is not an option with its value; usage: {Usage}");
            given[args[i]] = args[i + 1];
        }

        if ((given["--cert"], given["--key"], given["--ca"]) is (null, null, null))
            return RpcTransport.Tcp(Address("http", given["--server"]!));
        if ((given["--cert"], given["--key"], given["--ca"]) is not ({ } certificate, { } key, { } roots))
            throw new FormatException("--cert, --key and --ca belong together: TLS is mutual, or there is none");
        var identity = TlsIdentity.FromPem(File.ReadAllText(certificate), File.ReadAllText(key), File.ReadAllText(roots));
        return RpcTransport.Tls(Address("https", given["--server"]!), () => identity);
    }

    private static Uri Address(string scheme, string server) =>
        Uri.TryCreate($"{scheme}://{server}", UriKind.Absolute, out var address)
            ? address
            : throw new FormatException($"'{server}' is not an address and a port, such as 127.0.0.1:50051");
}
