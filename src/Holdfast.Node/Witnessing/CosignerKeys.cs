using System.Text;
using Holdfast.Core.Auditing.Tree;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Content;
using Holdfast.Platform;

namespace Holdfast.Node.Witnessing;

/// <summary>The public keys of this log's witnesses, <c>audit/witness-NODE.pem</c>: beside the log, for whoever verifies, as its own is.</summary>
internal sealed class CosignerKeys(Home home)
{
    private const string Prefix = "witness-", Extension = ".pem";

    /// <summary>Null: none is known, or its file is none any more.</summary>
    public NoteKey? Find(string node)
    {
        try
        {
            return NoteKey.FromPem(File.ReadAllText(FileOf(node))) is { IsOk: true } read ? read.Value : null;
        }
        catch (Exception e) when (FileTrouble.Is(e))
        {
            // It is taken from the witness anew, and the record says so.
            return null;
        }
    }

    /// <summary>All that are known, by node.</summary>
    public IReadOnlyList<(string Node, NoteKey Key)> All() => !Directory.Exists(home.Audit) ? [] :
    [
        .. Directory.EnumerateFiles(home.Audit, Prefix + "*" + Extension).Order(StringComparer.Ordinal)
            .Select(file => Path.GetFileName(file)[Prefix.Length..^Extension.Length])
            .Select(node => (node, Find(node))).Where(one => one.Item2 is not null).Select(one => (one.node, one.Item2!)),
    ];

    public Outcome<Done> Keep(string node, NoteKey key) =>
        DurableFile.Write(FileOf(node), Encoding.ASCII.GetBytes(key.Pem), DurableFile.OwnerOnly | UnixFileMode.GroupRead);

    // A node's name is letters, digits, dots, dashes and underscores (PeerName).
    private string FileOf(string node) => Path.Combine(home.Audit, Prefix + node + Extension);
}
