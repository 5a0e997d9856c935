using System.Text.Json;
using Holdfast.Core.Leadership;
using Holdfast.Core.Problems;
using Holdfast.Platform;

namespace Holdfast.Node.Clusters;

/// <summary>
/// What this node has promised, by service, in the file <c>promises.json</c> of its home. It is kept from the moment it is in memory, and said when it is on disk. After a boot a
/// promise lasts its whole length again: how long the machine was down is not known.
/// </summary>
internal sealed class PromiseBook
{
    private readonly string file;
    private readonly Lock gate = new(), writing = new();
    private readonly Dictionary<string, (Promise Promise, TimeSpan Length)> promises = new(StringComparer.Ordinal);
    private Promise? unknown;
    private long version, written;

    private PromiseBook(string file) => this.file = file;

    /// <summary>Why what was promised could not be read; null: it was, or there was nothing.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Where the file cannot be read, anything may have been promised: nothing is led for the longest time that a promise can last.</summary>
    /// <param name="boot">The present one.</param>
    public static PromiseBook Open(Home home, TimeSpan now, string boot)
    {
        ArgumentNullException.ThrowIfNull(home);
        var book = new PromiseBook(Path.Combine(home.Path, "promises.json"));
        try
        {
            var read = JsonSerializer.Deserialize(File.ReadAllBytes(book.file), ClusterJson.Default.PromiseFile);
            if (read?.Promises is null) throw new JsonException("it is empty");
            foreach (var kept in read.Promises)
            {
                var length = TimeSpan.FromMilliseconds(kept.Milliseconds);
                book.promises[kept.Service] = (new(kept.Epoch, read.Boot == boot ? TimeSpan.FromMilliseconds(kept.Until) : now + length), length);
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // It has promised nothing yet.
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or OverflowException or ArgumentException)
        {
            book.promises.Clear();
            book.unknown = new(0, now + LeaseTerms.Longest);
            book.Trouble = $"{book.file} cannot be read ({e.Message}): this node may have promised not to lead, and leads nothing new for {LeaseTerms.Longest.TotalMinutes:0} minutes";
        }

        return book;
    }

    /// <summary>Null: nothing was promised of it, as far as is known. It may be over.</summary>
    public Promise? Find(string service)
    {
        lock (gate) return promises.TryGetValue(service, out var kept) ? kept.Promise : unknown;
    }

    /// <summary>It is kept from now on; until it is written nobody may be told.</summary>
    public void Keep(string service, Promise promise, TimeSpan length, TimeSpan now)
    {
        lock (gate)
        {
            foreach (var over in promises.Where(one => one.Value.Promise.Until < now).Select(one => one.Key).ToList()) promises.Remove(over);
            promises[service] = (promise, length);
            version++;
        }
    }

    /// <summary>Returns when all that was kept before the call is on disk, or why it is not. Who waits meanwhile is served by one writing.</summary>
    /// <param name="boot">The present one.</param>
    public Outcome<Done> Write(string boot)
    {
        long wanted;
        lock (gate) wanted = version;
        lock (writing)
        {
            PromiseFile content;
            long of;
            lock (gate)
            {
                if (written >= wanted) return Outcome.Done;
                of = version;
                content = new(boot, [.. promises.Select(one => new KeptPromise(
                    one.Key, one.Value.Promise.Epoch, (long)Math.Ceiling(one.Value.Length.TotalMilliseconds), (long)Math.Ceiling(one.Value.Promise.Until.TotalMilliseconds)))]);
            }

            var done = DurableFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(content, ClusterJson.Default.PromiseFile));
            if (!done.IsOk) return done;
            lock (gate) written = of;
            return done;
        }
    }
}

/// <summary>The form of <c>promises.json</c>.</summary>
/// <param name="Boot">Under which its moments mean something.</param>
internal sealed record PromiseFile(string Boot, IReadOnlyList<KeptPromise> Promises);

/// <param name="Milliseconds">How long it was for.</param>
/// <param name="Until">In milliseconds since boot, suspend included.</param>
internal sealed record KeptPromise(string Service, long Epoch, long Milliseconds, long Until);
