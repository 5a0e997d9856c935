using System.Globalization;
using System.Text;
using Holdfast.Core.Auditing.Tree;
using Holdfast.Segments;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Telemetry.Auditing;

/// <summary>
/// The hashes of the log's tree, in the order of <see cref="TreeNodes"/>, after a line that says which entry is the tree's first. It is only
/// appended to, 64 bytes an entry on average, and it stays when entries are retired: the proofs of all others go on to hold.
/// Writes are synced before a checkpoint is signed, not one by one: what a crash takes is made again from the entries.
/// </summary>
internal sealed class AuditTreeFile : IDisposable
{
    public const string Name = "tree";

    private const string Unfinished = Name + ".new";
    private const string Magic = "holdfast-tree 1 ";

    private readonly SafeFileHandle handle;

    private AuditTreeFile(SafeFileHandle handle, long first)
    {
        this.handle = handle;
        First = first;
    }

    /// <summary>The number of the entry that is the tree's first leaf: 1, where the log had not retired any when its tree was begun.</summary>
    public long First { get; }

    /// <summary>How many entries the file is whole for.</summary>
    public long Entries => TreeNodes.Entries((RandomAccess.GetLength(handle) - TreeHash.Bytes) / TreeHash.Bytes);

    /// <summary>Bytes of the file that hold a tree of so many entries.</summary>
    public static long LengthOf(long entries) => TreeHash.Bytes * (1 + TreeNodes.Count(entries));

    /// <summary>For reading and writing; null: there is none, or its first line is not one.</summary>
    public static AuditTreeFile? Open(string folder) => Open(Path.Combine(folder, Name), FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>For reading, while another process may write; null: there is none, or its first line is not one.</summary>
    public static AuditTreeFile? Look(string folder) => Open(Path.Combine(folder, Name), FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>A file that has its name only when <see cref="Publish"/> was called: a tree that is made anew takes the place of the old one whole.</summary>
    public static AuditTreeFile Begin(string folder, long first)
    {
        var handle = File.OpenHandle(Path.Combine(folder, Unfinished), FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            RandomAccess.Write(handle, Encoding.ASCII.GetBytes($"{Magic}{first.ToString("D15", CultureInfo.InvariantCulture)}\n"), 0);
            return new AuditTreeFile(handle, first);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    public void Publish(string folder, Action<string> syncFolder)
    {
        Sync();
        File.Move(Path.Combine(folder, Unfinished), Path.Combine(folder, Name), overwrite: true);
        syncFolder(folder);
    }

    /// <summary>The root of a whole subtree that is in the file.</summary>
    /// <exception cref="EndOfStreamException">It is not.</exception>
    public TreeHash Read(int level, long index) => Read(handle, level, index);

    /// <summary>The same, in a file that somebody else has opened.</summary>
    public static TreeHash Read(SafeFileHandle file, int level, long index)
    {
        Span<byte> bytes = stackalloc byte[TreeHash.Bytes];
        return RandomAccess.Read(file, bytes, TreeHash.Bytes * (1 + TreeNodes.Position(level, index))) == bytes.Length
            ? TreeHash.From(bytes)
            : throw new EndOfStreamException($"The file '{Name}' ends before the hash {index} of level {level}.");
    }

    /// <param name="at">How many hashes stand before these.</param>
    /// <param name="hashes">In the order of <see cref="TreeNodes"/>.</param>
    public void Write(long at, IReadOnlyList<TreeHash> hashes)
    {
        var bytes = new byte[hashes.Count * TreeHash.Bytes];
        for (var i = 0; i < hashes.Count; i++)
            hashes[i].CopyTo(bytes.AsSpan(i * TreeHash.Bytes));
        RandomAccess.Write(handle, bytes, TreeHash.Bytes * (1 + at));
    }

    /// <summary>Leaves the tree of so many entries.</summary>
    public void Cut(long entries)
    {
        if (RandomAccess.GetLength(handle) > LengthOf(entries))
            RandomAccess.SetLength(handle, LengthOf(entries));
    }

    public void Sync() => DiskSync.File(handle);

    public void Dispose() => handle.Dispose();

    private static AuditTreeFile? Open(string path, FileAccess access, FileShare share)
    {
        if (!File.Exists(path))
            return null;
        var handle = File.OpenHandle(path, FileMode.Open, access, share);
        var line = new byte[TreeHash.Bytes];
        var text = Encoding.ASCII.GetString(line, 0, RandomAccess.Read(handle, line, 0));
        if (text.Length == TreeHash.Bytes && text.StartsWith(Magic, StringComparison.Ordinal) && text[^1] == '\n'
            && long.TryParse(text[Magic.Length..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var first) && first > 0)
            return new AuditTreeFile(handle, first);
        handle.Dispose();
        return null;
    }
}
