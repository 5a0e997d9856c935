using System.Security.Cryptography;
using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Core.Toolchains;
using Holdfast.Packaging.Content;

namespace Holdfast.Delivery.Toolchains;

/// <summary>
/// Fetches an archive into a file that bears the digest which it is to have. What was fetched before a cut stays, and the next call goes on behind it; only
/// what has the digest is used, so nothing here needs to be synced.
/// </summary>
internal sealed class ArchiveDownload(IToolchainDisk disk, TimeProvider time)
{
    private const int BufferBytes = 1 << 17;

    /// <summary>When it is Done, the whole archive is in the file and has the digest.</summary>
    /// <param name="partial">The file.</param>
    /// <param name="begin">Told the byte that it goes on at, before anything is fetched.</param>
    /// <returns>Or <c>toolchain.download-cut</c>, <c>toolchain.digest-mismatch</c>, or what the mirror says.</returns>
    public async Task<Outcome<Done>> RunAsync(Mirror mirror, GoArchive archive, string partial, Action<long> begin, CancellationToken cancel)
    {
        try
        {
            if (LengthOf(partial) > archive.Size) disk.DeleteFile(partial);
            if (LengthOf(partial) < archive.Size)
            {
                var fetched = await FetchAsync(mirror, archive, partial, begin, cancel).ConfigureAwait(false);
                if (!fetched.IsOk) return fetched;
            }

            return await CheckAsync(mirror, archive, partial, cancel).ConfigureAwait(false);
        }
        catch (Exception failure) when (FileTrouble.Is(failure))
        {
            return FileTrouble.From(failure, $"write {partial}");
        }
    }

    private async Task<Outcome<Done>> FetchAsync(Mirror mirror, GoArchive archive, string partial, Action<long> begin, CancellationToken cancel)
    {
        var opened = await mirror.OpenAsync(archive.FileName, LengthOf(partial), cancel).ConfigureAwait(false);
        if (!opened.TryGet(out var content)) return Outcome.Failed<Done>(opened.Problems);
        using (content)
        {
            // A mirror that cannot begin in the middle gives it all again.
            if (content.From < LengthOf(partial)) disk.DeleteFile(partial);
            begin(content.From);
            using var file = disk.Append(partial);
            var at = content.From;
            var buffer = new byte[BufferBytes];
            while (at < archive.Size)
            {
                var read = await ReadAsync(content.Bytes, buffer, cancel).ConfigureAwait(false);
                if (!read.TryGet(out var count) || count == 0) return Cut(mirror, archive, at, read.IsOk ? "it ended early" : read.Problems[0].What);
                count = (int)Math.Min(count, archive.Size - at);
                file.Write(buffer.AsSpan(0, count));
                at += count;
            }
        }

        return Outcome.Done;
    }

    /// <summary>How many bytes; a problem when the mirror fell silent or the connection broke.</summary>
    private async Task<Outcome<int>> ReadAsync(Stream from, Memory<byte> buffer, CancellationToken cancel)
    {
        using var silence = new CancellationTokenSource(ToolchainLimits.Silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, silence.Token);
        try
        {
            return await from.ReadAsync(buffer, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new Problem(ProblemKind.Unavailable, "toolchain.download-cut", $"nothing came for {ToolchainLimits.Silence.TotalSeconds:0} s");
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException)
        {
            return new Problem(ProblemKind.Unavailable, "toolchain.download-cut", failure.Message);
        }
    }

    private async Task<Outcome<Done>> CheckAsync(Mirror mirror, GoArchive archive, string partial, CancellationToken cancel)
    {
        using (var file = new FileStream(partial, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, useAsync: true))
        {
            var digest = PackageDigest.FromHash(await SHA256.HashDataAsync(file, cancel).ConfigureAwait(false));
            if (digest == archive.Digest) return Outcome.Done;
            file.Close();
            disk.DeleteFile(partial);
            return new Problem(ProblemKind.Refused, "toolchain.digest-mismatch", $"{archive.FileName} of {mirror.Name} has {digest}, and was to have {archive.Digest}")
            {
                Why = "it was changed, or damaged on its way; nothing of it was used",
                Mend = "try again, which begins anew; if it stays so, take another mirror",
            };
        }
    }

    private static Problem Cut(Mirror mirror, GoArchive archive, long at, string why) => new(ProblemKind.Unavailable, "toolchain.download-cut", $"{mirror.Name} gave {at} of the {archive.Size} bytes of {archive.FileName}")
    {
        Why = why,
        Mend = "the same command goes on from there",
    };

    private static long LengthOf(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;
}
