using Google.Protobuf;
using Holdfast.Core.Problems;
using Holdfast.Node.Operations;
using Holdfast.Node.Packages;
using Holdfast.Packaging.Content;
using Holdfast.Packaging.Trust;
using Holdfast.Platform;
using Holdfast.Rpc;
using Holdfast.Rpc.Server;
using Holdfast.Rpc.V1;
using Problem = Holdfast.Core.Problems.Problem;
using static Holdfast.Rpc.V1.Packages;

namespace Holdfast.Node.Api;

/// <summary>Takes packages in: written down first, then judged, then admitted or gone. And gives them to nodes that have none of it.</summary>
internal sealed class PackagesApi(Home home, PackageStore packages, PartialPushes parts, ChangeRecord record) : PackagesBase
{
    private const int LongestName = 128;
    private const int ChunkBytes = 64 * 1024;

    public override async Task<PushResponse> Push(IAsyncStreamReader<PushRequest> requests, ServerCallContext context)
    {
        try
        {
            if (!await requests.MoveNext(context.Cancel)) throw ProblemTranslation.ToException([Nothing()]);
            return requests.Current!.Digest.Length > 0 ? await PushInPartsAsync(requests, context) : await PushWholeAsync(requests, context);
        }
        catch (IOException error) when (!context.Cancel.IsCancellationRequested)
        {
            throw ProblemTranslation.ToException([NotWritten(error)]);
        }
    }

    public override Task<PushState> GetPush(GetPushRequest request, ServerCallContext context) => PartialPushes.IsDigest(request.Digest)
        ? Task.FromResult(new PushState { Received = parts.Received(request.Digest) })
        : throw ProblemTranslation.ToException([PartialPushes.BadDigest(request.Digest)]);

    public override async Task Fetch(FetchRequest request, IServerStreamWriter<FetchPart> responses, ServerCallContext context)
    {
        using var held = packages.Hold(new HashSet<string>(StringComparer.Ordinal) { request.PackageDigest });
        var opened = PackageGiving.Open(packages, request.PackageDigest);
        if (!opened.TryGet(out var archive)) throw ProblemTranslation.ToException(opened.Problems);
        var from = request.Archive == archive.Id && request.Offset > 0 && request.Offset <= archive.Length ? request.Offset : 0;
        await responses.WriteAsync(new() { Archive = archive.Id, Bytes = archive.Length, Offset = from }, context.Cancel);
        await using var content = archive.Open(from);
        var buffer = new byte[ChunkBytes];
        for (int read; (read = Read(content, buffer)) > 0;)
            await responses.WriteAsync(new() { Chunk = ByteString.CopyFrom(buffer, 0, read) }, context.Cancel);
    }

    /// <summary>What is cut is lost.</summary>
    private async Task<PushResponse> PushWholeAsync(IAsyncStreamReader<PushRequest> requests, ServerCallContext context)
    {
        var file = Path.Combine(home.Incoming, Guid.NewGuid().ToString("n") + ".hfpkg");
        try
        {
            var name = Shown(Path.GetFileName(requests.Current!.Name));
            await ReceiveAsync(requests, file, 0, context.Cancel);
            return await TakeAsync(file, name, context);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>What is cut stays for the next try; what was judged, either way, does not.</summary>
    private async Task<PushResponse> PushInPartsAsync(IAsyncStreamReader<PushRequest> requests, ServerCallContext context)
    {
        var (digest, name, from) = (requests.Current!.Digest, Shown(Path.GetFileName(requests.Current.Name)), requests.Current.Offset);
        if (!PartialPushes.IsDigest(digest)) throw ProblemTranslation.ToException([PartialPushes.BadDigest(digest)]);
        using var turn = await parts.EnterAsync(digest, context.Cancel);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.Cancel, turn.Overtaken);
        if (from < 0 || from > parts.Received(digest)) throw ProblemTranslation.ToException([PartialPushes.Gap(from, parts.Received(digest))]);
        try
        {
            await ReceiveAsync(requests, turn.File, from, either.Token);
        }
        catch (OperationCanceledException) when (turn.Overtaken.IsCancellationRequested)
        {
            throw ProblemTranslation.ToException([PartialPushes.Overtaken()]);
        }
        catch (RpcException)
        {
            // What cannot be written down, or was not understood, is not kept either: on a full disk least of all.
            File.Delete(turn.File);
            throw;
        }

        try
        {
            return await PartialPushes.IsWholeAsync(digest, turn.File, context.Cancel)
                ? await TakeAsync(turn.File, name, context)
                : throw ProblemTranslation.ToException([PartialPushes.NotWhole(digest)]);
        }
        finally
        {
            File.Delete(turn.File);
        }
    }

    private async Task<PushResponse> TakeAsync(string file, string name, ServerCallContext context)
    {
        var admitted = await record.AroundAsync(
            Caller.Of(context).Actor, "push", name, Guid.NewGuid().ToString("n"), new Dictionary<string, string>(), () => AdmitAsync(file, context.Cancel), Details);
        return admitted.TryGet(out var package) ? Response(package) : throw ProblemTranslation.ToException(admitted.Problems);
    }

    private async Task<Outcome<AdmittedPackage>> AdmitAsync(string file, CancellationToken cancel)
    {
        var policy = TrustPolicy.Load(home.TrustPolicy);
        return policy.TryGet(out var trusted) ? await packages.AdmitAsync(file, trusted, cancel) : Outcome.Failed<AdmittedPackage>(policy.Problems);
    }

    /// <summary>From the message that was read already to the stream's end.</summary>
    private static async Task ReceiveAsync(IAsyncStreamReader<PushRequest> requests, string file, long from, CancellationToken cancel)
    {
        // Without a buffer of ours: what was taken in is in the file, whatever happens to us.
        await using var stream = new FileStream(file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        if (stream.Length > from) stream.SetLength(from);
        stream.Position = from;
        do
        {
            await WriteAsync(stream, requests.Current!.Chunk.Memory, cancel);
        }
        while (await requests.MoveNext(cancel));
    }

    /// <summary>A failure of the disk is told apart from one of the connection, which is an <see cref="IOException"/> as well.</summary>
    private static async ValueTask WriteAsync(FileStream stream, ReadOnlyMemory<byte> chunk, CancellationToken cancel)
    {
        try
        {
            await stream.WriteAsync(chunk, cancel);
        }
        catch (IOException error)
        {
            throw ProblemTranslation.ToException([NotWritten(error)]);
        }
    }

    private static int Read(Stream content, byte[] buffer)
    {
        try
        {
            return content.Read(buffer);
        }
        catch (Exception e) when (FileTrouble.Is(e))
        {
            throw ProblemTranslation.ToException([FileTrouble.From(e, "read the package")]);
        }
    }

    // It is the client's word, and goes into the audit log: bounded, and without what a terminal would obey.
    private static string Shown(string name) => name.Length == 0 ? "package" :
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

    private static Problem Nothing() => new(ProblemKind.BadInput, "package.push-empty", "No package came.") { Mend = "send the file in chunks" };

    private static Problem NotWritten(IOException error) => new(ProblemKind.Unavailable, "package.not-written", "The package could not be written down.")
    {
        Why = error.Message,
        Mend = "free space on the volume of the agent's home and deploy again; nothing was changed",
    };
}
