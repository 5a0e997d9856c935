using Holdfast.Segments.Files;

namespace Holdfast.Segments.Tests.Faults;

/// <summary>A folder in memory whose disk fails when the test says so, as real ones do: full, broken, torn in the middle of a write.</summary>
internal sealed class FaultyFolder : ISegmentFolder
{
    private readonly SortedDictionary<string, List<byte>> files = new(StringComparer.Ordinal);

    public string Path => "/faulty";

    public SegmentKeys Keys { get; } = new();

    /// <summary>How many bytes of the next write get through before it fails; null: all, and it does not fail.</summary>
    public Func<int, int?> OnWrite { get; set; } = _ => null;

    public Func<bool> FailsTruncate { get; set; } = () => false;

    public Func<bool> FailsCreate { get; set; } = () => false;

    public bool FailsSync { get; set; }

    public bool FailsDelete { get; set; }

    public bool FailsReplace { get; set; }

    public int Syncs { get; private set; }

    public int Reads { get; set; }

    public IReadOnlyCollection<string> Names => files.Keys;

    public List<byte> Content(string name) => files[name];

    public List<SegmentEntry> List() => [.. files.Where(file => SegmentName.TryParse(file.Key, out _)).Select(file => new SegmentEntry(file.Key, First(file.Key), file.Value.Count))];

    public ISegmentFile Create(string name)
    {
        if (FailsCreate()) throw Full();
        files[name] = [];
        return new FaultyFile(this, files[name]);
    }

    public ISegmentFile OpenForWriting(string name) => new FaultyFile(this, files[name]);

    public ISegmentFile OpenForReading(string name) =>
        files.TryGetValue(name, out var bytes) ? new FaultyFile(this, bytes) : throw new FileNotFoundException(name);

    public void Delete(string name)
    {
        if (FailsDelete) throw new UnauthorizedAccessException("no");
        files.Remove(name);
    }

    public void Replace(string name, string replaced)
    {
        if (FailsReplace) throw new UnauthorizedAccessException("no");
        if (!files.Remove(name, out var bytes)) throw new FileNotFoundException(name);
        files[replaced] = bytes;
    }

    public void Sync() => Synced();

    internal void Synced()
    {
        if (FailsSync) throw new IOException("Input/output error");
        Syncs++;
    }

    internal static IOException Full() => new("No space left on device", 28);

    private static long First(string name) => SegmentName.TryParse(name, out var first) ? first : throw new InvalidOperationException(name);
}
