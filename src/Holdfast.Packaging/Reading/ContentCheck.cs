using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Layout;

namespace Holdfast.Packaging.Reading;

/// <summary>Digests everything in a package that is not in memory yet, on all cores.</summary>
internal static class ContentCheck
{
    private static readonly string EmptyDigest = PackageDigest.Of(MediaTypes.EmptyContent);

    public static IReadOnlyList<Problem> Problems(OpenPackage package, Func<PackageFile, Stream>? unpack, CancellationToken cancel)
    {
        ConcurrentBag<(string Name, Problem Problem)> found = [];
        var files = package.Layout.Manifest.Files;
        IEnumerable<(PackageFile? File, string Digest, string Name)> work =
        [
            // Two paths of one content are one blob: read once when only digested, once per path when unpacked.
            .. (unpack is null ? files.DistinctBy(f => f.Digest) : files).OrderByDescending(f => f.Size).Select(f => ((PackageFile?)f, f.Digest, f.Path)),
            .. package.Layout.Attachments.SelectMany(a => a.Layers).Select(l => l.Digest).Concat(package.HasReferrers ? [EmptyDigest] : []).Distinct().Select(d => ((PackageFile?)null, d, "an attached document")),
        ];
        ParallelOptions options = new() { CancellationToken = cancel, MaxDegreeOfParallelism = Environment.ProcessorCount };
        try
        {
            Parallel.ForEach(Partitioner.Create(work, EnumerablePartitionerOptions.NoBuffering), options, () => new byte[BlobCheck.BufferBytes], (item, _, buffer) =>
            {
                using var target = item.File is null ? null : unpack?.Invoke(item.File);
                if (package.CheckBlob(item.Digest, item.Name, target, buffer, cancel) is { } problem) found.Add((item.Name, problem));
                return buffer;
            }, _ => { });
        }
        catch (AggregateException all)
        {
            // The first one says it: a disk that is full is full for all of them.
            ExceptionDispatchInfo.Capture(all.Flatten().InnerExceptions[0]).Throw();
        }

        return [.. found.OrderBy(f => f.Name, StringComparer.Ordinal).Select(f => f.Problem)];
    }
}
