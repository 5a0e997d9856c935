using Holdfast.Core.Problems;
using Holdfast.Node.Operations;
using Holdfast.Node.Packages;
using Holdfast.Packaging.Trust;
using Holdfast.Platform;
using Holdfast.Rpc;
using Holdfast.Rpc.Server;
using Holdfast.Rpc.V1;
using Problem = Holdfast.Core.Problems.Problem;
using static Holdfast.Rpc.V1.Packages;

namespace Holdfast.Node.Api;

/// <summary>Takes packages in: written down first, then judged, then admitted or gone.</summary>
internal sealed class PackagesApi(Home home, PackageStore packages, ChangeRecord record) : PackagesBase
{
    private const int LongestName = 128;

    public override async Task<PushResponse> Push(IAsyncStreamReader<PushRequest> requests, ServerCallContext context)
    {
        var id = Guid.NewGuid().ToString("n");
        var file = Path.Combine(home.Incoming, id + ".hfpkg");
        try
        {
            var name = await ReceiveAsync(requests, file, context.Cancel);
            var admitted = await record.AroundAsync(
                Caller.Of(context).Name, "push", name, id, new Dictionary<string, string>(), () => AdmitAsync(file, context.Cancel), Details);
            return admitted.TryGet(out var package) ? Response(package) : throw ProblemTranslation.ToException(admitted.Problems);
        }
        catch (IOException error) when (!context.Cancel.IsCancellationRequested)
        {
            throw ProblemTranslation.ToException([NotWritten(error)]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private async Task<Outcome<AdmittedPackage>> AdmitAsync(string file, CancellationToken cancel)
    {
        var policy = TrustPolicy.Load(home.TrustPolicy);
        return policy.TryGet(out var trusted) ? await packages.AdmitAsync(file, trusted, cancel) : Outcome.Failed<AdmittedPackage>(policy.Problems);
    }

    private static async Task<string> ReceiveAsync(IAsyncStreamReader<PushRequest> requests, string file, CancellationToken cancel)
    {
        var name = "package";
        await using var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write);
        await foreach (var request in requests.ReadAllAsync(cancel))
        {
            if (request.Name.Length > 0)
                name = Shown(Path.GetFileName(request.Name));
            await stream.WriteAsync(request.Chunk.Memory, cancel);
        }

        return name;
    }

    // It is the client's word, and goes into the audit log: bounded, and without what a terminal would obey.
    private static string Shown(string name) =>
        new([.. name.Take(LongestName).Select(c => char.IsControl(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format ? '?' : c)]);

    private static Dictionary<string, string> Details(AdmittedPackage package) => new()
    {
        ["service"] = package.Service,
        ["version"] = package.Version,
        ["package"] = package.Digest,
        ["signers"] = string.Join(", ", package.Record.Signers.Select(signer => signer.Subject)),
    };

    private static PushResponse Response(AdmittedPackage package) => new()
    {
        PackageDigest = package.Digest,
        Service = package.Service,
        Version = package.Version,
        Signers = { package.Record.Signers.Select(signer => signer.Subject) },
        Known = package.Known,
    };

    private static Problem NotWritten(IOException error) => new(ProblemKind.Unavailable, "package.not-written", "The package could not be written down.")
    {
        Why = error.Message,
        Mend = "free space on the volume of the agent's home and deploy again; nothing was changed",
    };
}
