using System.Text;
using Holdfast.Core.Sources;

namespace Holdfast.Core.Tests.Sources;

/// <summary>A folder with names, files behind them and inodes that are given to others as soon as they are free, as ext4 does.</summary>
internal sealed class SimulatedFolder(string pattern)
{
    private readonly SourcePattern wanted = SourcePattern.Of(pattern, "/data", "utf-8");
    private readonly SortedDictionary<string, SimulatedFile> names = new(StringComparer.Ordinal);
    private readonly SortedSet<ulong> free = [];
    private ulong last = 10;

    public IEnumerable<string> Names => names.Keys;

    public bool Has(string name) => names.ContainsKey(name);

    public SimulatedFile this[string name] => names[name];

    public SimulatedFile Create(string name)
    {
        if (names.TryGetValue(name, out var there)) Unlink(there, name);
        ulong inode;
        if (free.Count > 0) free.Remove(inode = free.Min);
        else inode = ++last;
        return names[name] = new(inode);
    }

    public void Rename(string from, string to)
    {
        if (names.TryGetValue(to, out var there)) Unlink(there, to);
        names.Remove(from, out var file);
        names[to] = file!;
    }

    public void Delete(string name) => Unlink(names[name], name);

    /// <summary>Nobody has it open any more: its inode is another one's, if it has no name either.</summary>
    public void Closed(SimulatedFile file)
    {
        if (!names.ContainsValue(file) && file.Users == 0) free.Add(file.Inode);
    }

    /// <summary>A look may miss what is there: names are changed while they are read.</summary>
    public FolderLook Look(Random? random) => new([.. names.Where(_ => random is null || random.Next(40) > 0).Select(entry => new SeenFile(new(1, entry.Value.Inode), entry.Key, entry.Value.Content.Count, wanted.Judge(entry.Key)))]);

    public SimulatedFile? Find(FileIdentity identity) => names.Values.FirstOrDefault(file => file.Inode == identity.Number);

    private void Unlink(SimulatedFile file, string name)
    {
        names.Remove(name);
        if (file.Users == 0) free.Add(file.Inode);
    }
}

internal sealed class SimulatedFile(ulong inode)
{
    public ulong Inode => inode;

    public List<byte> Content { get; private set; } = [];

    /// <summary>How many have it open: the writer, the reader.</summary>
    public int Users { get; set; }

    public void Append(string text) => Content.AddRange(Encoding.UTF8.GetBytes(text));

    public void CopyFrom(SimulatedFile other, int most) => Content.AddRange(other.Content.Skip(Content.Count).Take(most));

    public void Truncate() => Content = [];

    public string? Proof(long offset)
    {
        var bytes = FileProof.Bytes(offset);
        if (Content.Count < offset) return null;
        return FileProof.Of(Content.Take(bytes).ToArray(), Content.Skip((int)offset - bytes).Take(bytes).ToArray());
    }
}
