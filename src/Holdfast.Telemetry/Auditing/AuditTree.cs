using System.Security.Cryptography;
using System.Text;
using Holdfast.Core.Auditing;
using Holdfast.Core.Auditing.Tree;

namespace Holdfast.Telemetry.Auditing;

/// <summary>
/// The tree of an open log. An entry is added when it is on disk, and a checkpoint is signed over entries that are on disk, so no crash takes
/// back what was signed; the tree after a crash is computed from the same entries, so what is signed next begins with what was signed before.
/// Not for several threads: the log's own lock guards it.
/// </summary>
internal sealed class AuditTree : IDisposable
{
    private readonly string folder;
    private readonly AuditOptions options;
    private readonly AuditTreeFile file;
    private readonly TreeRange range;

    // Hashes that the file does not have yet: of entries that no checkpoint signs.
    private readonly List<TreeHash> owed;

    private AuditTree(string folder, AuditOptions options, AuditTreeRecovery found, string origin)
    {
        this.folder = folder;
        this.options = options;
        file = found.File;
        range = found.Range;
        owed = found.Owed;
        Origin = origin;
        Signed = found.Checkpoint?.Size ?? -1;
    }

    /// <summary>Under which name checkpoints are signed.</summary>
    public string Origin { get; }

    /// <summary>The number of the first entry in the tree.</summary>
    public long First => file.First;

    public long Size => range.Size;

    /// <summary>Entries in the last checkpoint, or, where nothing is signed, of the tree as it was last put on the disk; -1: neither was done.</summary>
    public long Signed { get; private set; }

    /// <summary>Bytes of the tree's file.</summary>
    public long Length => AuditTreeFile.LengthOf(Size);

    /// <param name="folder">The log's, recovered.</param>
    /// <param name="head">Of the log.</param>
    /// <param name="options">Of the log.</param>
    /// <param name="wasRebuilt">The file was not what had been written, and was made anew from the entries.</param>
    /// <param name="finding">What is wrong, where the answer is null.</param>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    public static AuditTree? Open(string folder, AuditHead head, AuditOptions options, out bool wasRebuilt, out AuditFinding? finding)
    {
        wasRebuilt = false;
        if (AuditTreeRecovery.Run(folder, head, options, out finding) is not { } found)
            return null;
        wasRebuilt = found.WasRebuilt;
        var tree = new AuditTree(folder, options, found, found.Checkpoint?.Origin ?? NewOrigin(options.Node));
        try
        {
            // The first one is there before an entry names its origin: an entry that names one without a checkpoint means that somebody took it.
            if (found.Checkpoint is null)
                tree.Sign();
            tree.Publish();
            return tree;
        }
        catch
        {
            tree.Dispose();
            throw;
        }
    }

    /// <summary>Takes the next entries; they are on disk. Their hashes are written when the next checkpoint is signed: a crash before that takes nothing that the entries do not give again.</summary>
    public void Add(EntryWriter entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        for (var i = 0; i < entries.Lines; i++)
            range.Append(TreeHash.Leaf(entries.Line(i)), owed);
    }

    /// <summary>Puts the tree as it is on the disk, and signs it there.</summary>
    /// <exception cref="IOException">Nothing was signed, or it is on no disk: the last checkpoint still holds.</exception>
    public void Sign()
    {
        if (Signed == Size)
            return;
        Pay();
        file.Sync();
        if (options.Signer is not { } signer)
        {
            Signed = Size;
            return;
        }

        var checkpoint = new Checkpoint(Origin, Size, range.Root());
        AuditCheckpointFile.Write(folder, AuditCheckpointFile.Name, checkpoint.Sign(signer.Key, signer.Sign), options.SyncFolder);
        Signed = Size;
    }

    /// <summary>Puts what the file owes into it.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Pay()
    {
        if (owed.Count == 0)
            return;
        file.Write(TreeNodes.Count(Size) - owed.Count, owed);
        owed.Clear();
    }

    /// <summary>That an entry is in the tree of a size.</summary>
    public IReadOnlyList<TreeHash> Inclusion(long index, long size) => new TreeProof(file.Read).Inclusion(index, size);

    public IReadOnlyList<TreeHash> Consistency(long earlier, long size) => new TreeProof(file.Read).Consistency(earlier, size);

    public TreeHash LeafAt(long index) => file.Read(0, index);

    public void Dispose() => file.Dispose();

    /// <summary>The public key lies beside the log, for whoever verifies.</summary>
    private void Publish()
    {
        var path = Path.Combine(folder, AuditCheckpointFile.KeyName);
        if (options.Signer is { } signer && !(File.Exists(path) && File.ReadAllText(path) == signer.Key.Pem))
            AuditCheckpointFile.Write(folder, AuditCheckpointFile.KeyName, Encoding.ASCII.GetBytes(signer.Key.Pem), options.SyncFolder);
    }

    /// <summary>
    /// A log is known by where it is and by a number of its own: another log in the same place, and a copy of this one that goes on by itself,
    /// is another log, whose checkpoints need not agree with this one's.
    /// </summary>
    private static string NewOrigin(string node) => LogNames.Origin(node, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
}
