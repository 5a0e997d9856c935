using System.Security.Cryptography;
using Holdfast.Core.Problems;
using Holdfast.Platform;

namespace Holdfast.Node.Packages;

/// <summary>
/// Packages that have come in part, by the digest of the whole file: whoever sends the same file again goes on where the last one was cut. Kept for a day, over an
/// agent's restart too.
/// </summary>
internal sealed class PartialPushes(Home home, TimeProvider time)
{
    public const string Extension = ".part";

    private const string Algorithm = "sha256:";

    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(1);

    private readonly Dictionary<string, Place> places = new(StringComparer.Ordinal);

    /// <summary>sha256: and 64 lower-case hexadecimal digits.</summary>
    public static bool IsDigest(string digest) =>
        digest.Length == Algorithm.Length + SHA256.HashSizeInBytes * 2 && digest.StartsWith(Algorithm, StringComparison.Ordinal) && digest.Skip(Algorithm.Length).All(char.IsAsciiHexDigitLower);

    /// <summary>How many bytes of it are here.</summary>
    public long Received(string digest) => new FileInfo(FileOf(digest)) is { Exists: true } file ? file.Length : 0;

    /// <summary>
    /// One sender at a time. The last one wins: a sender whose connection broke comes again before anybody here has noticed, and must not wait for its own ghost.
    /// </summary>
    public async Task<Turn> EnterAsync(string digest, CancellationToken cancel)
    {
        Place place;
        lock (places)
        {
            if (!places.TryGetValue(digest, out place!)) places[digest] = place = new();
            place.Waiting++;
            place.Overtaken?.Cancel();
        }

        try
        {
            await place.Gate.WaitAsync(cancel);
        }
        catch
        {
            Leave(digest, place, release: false);
            throw;
        }

        var overtaken = new CancellationTokenSource();
        lock (places)
        {
            place.Overtaken = overtaken;
            // Somebody came while we waited: it is its turn already.
            if (place.Waiting > 1) overtaken.Cancel();
        }

        return new(FileOf(digest), () =>
        {
            lock (places) place.Overtaken = null;
            overtaken.Dispose();
            // It has left before the next one has the turn, which would take the count of those who wait for somebody behind itself.
            Leave(digest, place, release: true);
        }, overtaken.Token);
    }

    /// <summary>Whether what came is what was announced.</summary>
    public static async Task<bool> IsWholeAsync(string digest, string file, CancellationToken cancel)
    {
        await using var stream = File.OpenRead(file);
        return digest == Algorithm + Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancel));
    }

    /// <summary>Removes what nobody went on with.</summary>
    public void Sweep()
    {
        foreach (var file in new DirectoryInfo(home.Incoming).EnumerateFiles("*" + Extension))
        {
            if (time.GetUtcNow() - file.LastWriteTimeUtc > KeptFor) file.Delete();
        }
    }

    public static Problem Gap(long from, long here) => new(ProblemKind.Conflict, "package.push-gap", $"The package was to go on at byte {from}, and {here} bytes of it are here.")
    {
        Mend = "ask where to go on (GetPush), or begin at 0",
    };

    public static Problem Overtaken() => new(ProblemKind.Conflict, "package.push-overtaken", "The same package was sent again meanwhile, and that one goes on.");

    public static Problem NotWhole(string digest) => new(ProblemKind.Failed, "package.push-damaged", $"What came is not the file {digest} that was announced; nothing of it was kept.") { Mend = "send it again" };

    public static Problem BadDigest(string digest) => new(ProblemKind.BadInput, "package.push-digest", $"'{digest}' is no digest of a file.") { Mend = "sha256: and 64 hexadecimal digits" };

    private string FileOf(string digest) => Path.Combine(home.Incoming, digest[Algorithm.Length..] + Extension);

    private void Leave(string digest, Place place, bool release)
    {
        lock (places)
        {
            if (--place.Waiting > 0)
            {
                if (release) place.Gate.Release();
                return;
            }

            places.Remove(digest);
            place.Gate.Dispose();
        }
    }

    /// <summary>The right to write one file; given back by disposing it.</summary>
    public sealed class Turn(string file, Action leave, CancellationToken overtaken) : IDisposable
    {
        public string File => file;

        /// <summary>Cancelled when another sender wants it.</summary>
        public CancellationToken Overtaken => overtaken;

        public void Dispose() => leave();
    }

    private sealed class Place
    {
        public SemaphoreSlim Gate { get; } = new(1);

        public int Waiting { get; set; }

        public CancellationTokenSource? Overtaken { get; set; }
    }
}
