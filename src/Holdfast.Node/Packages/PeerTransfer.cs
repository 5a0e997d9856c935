using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Node.Api;
using Holdfast.Packaging.Content;
using Holdfast.Packaging.Layout;
using Holdfast.Rpc;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.Tls;
using Holdfast.Rpc.V1;
using Problem = Holdfast.Core.Problems.Problem;
using static Holdfast.Rpc.V1.Packages;

namespace Holdfast.Node.Packages;

/// <summary>Takes a package's archive from one peer, from where the last one was cut. What came stays, however it ends.</summary>
internal sealed class PeerTransfer(Func<TlsIdentity> identity, TimeProvider time)
{
    public const string NotWrittenRule = "package.not-written";

    /// <summary>Without a byte from the peer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The whole archive is in the part file; the answer is where this peer began. Or why not.</summary>
    /// <param name="refused">Archives that are not wanted, whoever has them.</param>
    public async Task<Outcome<long>> RunAsync(PeerAddress peer, string digest, PartialFetch part, IReadOnlySet<string> refused, CancellationToken cancel)
    {
        var opened = peer.Open(identity, time);
        if (!opened.TryGet(out var channel)) return Outcome.Failed<long>(opened.Problems);
        using var ends = channel;
        using var silence = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, silence.Token);
        try
        {
            using var call = new PackagesClient(channel).Fetch(new() { PackageDigest = digest, Offset = part.Received, Archive = part.Archive }, new(either.Token));
            if (!await call.MoveNext(either.Token)) return Nonsense("it gave nothing");
            var head = call.Current!;
            if (Wrong(head, part) is { } wrong) return Nonsense(wrong);
            if (refused.Contains(head.Archive)) return new Problem(ProblemKind.Refused, "package.refused", "it has the same file that was refused already");
            return await TakeAsync(call, head, part, silence, either.Token);
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException)
        {
            cancel.ThrowIfCancellationRequested();
            if (silence.IsCancellationRequested) return new Problem(ProblemKind.Unavailable, "package.peer-silent", $"it said nothing for {Patience.TotalSeconds:0} s");
            return e is RpcException failed ? Outcome.Failed<long>(ProblemTranslation.ToProblems(failed)) : new Problem(ProblemKind.Unavailable, "package.peer-cut", "the connection broke");
        }
    }

    private static async Task<Outcome<long>> TakeAsync(ServerStreamingCall<FetchPart> call, FetchPart head, PartialFetch part, CancellationTokenSource silence, CancellationToken cancel)
    {
        var here = head.Offset;
        try
        {
            await using var file = part.Open(head.Archive, head.Offset);
            while (await NextAsync(call, silence, cancel))
            {
                var chunk = call.Current!.Chunk.Memory;
                if (chunk.Length > head.Bytes - here) return Nonsense("it gave more than it had announced");
                await file.WriteAsync(chunk, cancel);
                here += chunk.Length;
            }
        }
        catch (Exception e) when (FileTrouble.Is(e))
        {
            part.Delete();
            return NotWritten(e);
        }

        return here == head.Bytes ? head.Offset : new Problem(ProblemKind.Unavailable, "package.peer-cut", $"it stopped at byte {here} of {head.Bytes}");
    }

    private static async Task<bool> NextAsync(ServerStreamingCall<FetchPart> call, CancellationTokenSource silence, CancellationToken cancel)
    {
        try
        {
            return await call.MoveNext(cancel);
        }
        finally
        {
            silence.CancelAfter(Patience);
        }
    }

    private static string? Wrong(FetchPart head, PartialFetch part) =>
        !PackageDigest.IsValid(head.Archive) ? "it does not say which archive it gives"
        : head.Bytes <= 0 || head.Bytes > PackageLimits.Default.MaxPackageBytes ? $"it announced {head.Bytes} bytes"
        : head.Offset != 0 && (head.Archive != part.Archive || head.Offset != part.Received) ? "it went on elsewhere than it was asked to"
        : null;

    private static Problem Nonsense(string what) => new(ProblemKind.Failed, "package.peer-answer", what);

    private static Problem NotWritten(Exception e) => new(ProblemKind.Unavailable, NotWrittenRule, "The package could not be written down.")
    {
        Why = e.Message,
        Mend = "free space on the volume of the agent's home; it is fetched again",
    };
}
