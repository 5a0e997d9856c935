using System.Text;
using Google.Protobuf;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Building;
using Holdfast.Packaging.Documents;
using Holdfast.Packaging.Signing;
using Holdfast.Platform;
using Holdfast.Rpc;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.V1;
using static Holdfast.Rpc.V1.Packages;
using static Holdfast.Rpc.V1.Services;

namespace Holdfast.Bench.Fleet;

/// <summary>Deploys the same service under many names, through the agent's API.</summary>
internal sealed class Deployment(string home, string folder) : IDisposable
{
    private const int ChunkBytes = 64 * 1024;

    private readonly Home home = new(home);
    private readonly string template = File.ReadAllText(Path.Combine(folder, "holdfast.yaml"));
    private readonly RpcChannel channel = new(RpcTransport.UnixSocket(new Home(home).ApiSocket), TimeProvider.System);

    /// <exception cref="InvalidOperationException">It cannot be packed or signed; the message says why.</exception>
    public async Task DeployAsync(int index, CancellationToken cancel)
    {
        var file = Path.Combine(folder, "..", $"p{index}.hfpkg");
        Pack(index, file);
        var digest = await PushAsync(file, cancel);
        File.Delete(file);
        var request = new DeployRequest { PackageDigest = digest, RequestId = Guid.NewGuid().ToString("n") };
        using var call = new ServicesClient(channel).Deploy(request, new(cancel));
        await foreach (var _ in call.ReadAllAsync(cancel))
        {
            // To its end: then the service is ready.
        }
    }

    public void Dispose() => channel.Dispose();

    private void Pack(int index, string file)
    {
        var spec = Encoding.UTF8.GetBytes(template.Replace("#", index.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal));
        var read = Must(SpecFile.Read(Encoding.UTF8.GetString(spec), "holdfast.yaml"));
        Must(PackageBuilder.Pack(folder, spec, read, file));
        using var identity = Must(SigningIdentity.FromPem(
            Path.Combine(home.Keys, DevelopmentAuthority.SigningCertificateFile), Path.Combine(home.Keys, DevelopmentAuthority.SigningKeyFile), null));
        Must(PackageSigner.Sign(file, identity, TimeProvider.System.GetUtcNow()));
    }

    private async Task<string> PushAsync(string file, CancellationToken cancel)
    {
        await using var content = File.OpenRead(file);
        using var call = new PackagesClient(channel).Push(new(cancel));
        await call.WriteAsync(new PushRequest { Name = Path.GetFileName(file) });
        var buffer = new byte[ChunkBytes];
        int read;
        while ((read = await content.ReadAsync(buffer, cancel)) > 0) await call.WriteAsync(new PushRequest { Chunk = ByteString.CopyFrom(buffer, 0, read) });
        return (await call.CompleteAsync()).PackageDigest;
    }

    private static T Must<T>(Outcome<T> outcome) =>
        outcome.TryGet(out var value) ? value : throw new InvalidOperationException(string.Join("; ", outcome.Problems));
}
