using Holdfast.Core.Auditing;
using Holdfast.Core.Problems;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Telemetry.Auditing;

/// <summary>A file of the log up to where it was whole.</summary>
/// <param name="Name">In the log's folder.</param>
/// <param name="Length">In bytes; what the file has beyond is later.</param>
/// <param name="Handle">Open for reading, also when the file has been retired meanwhile.</param>
public sealed record FrozenAuditFile(string Name, long Length, SafeFileHandle Handle);

/// <summary>The log at one moment (<see cref="AuditLog.Freeze"/>). Dispose it soon: it keeps retired files on the disk.</summary>
public sealed class AuditSnapshot : IDisposable
{
    private AuditSnapshot(AuditHead head, IReadOnlyList<FrozenAuditFile> files, FrozenAuditFile tree)
    {
        Head = head;
        Files = files;
        Tree = tree;
    }

    /// <summary>Of the last entry in the files.</summary>
    public AuditHead Head { get; }

    /// <summary>In the order of the chain.</summary>
    public IReadOnlyList<FrozenAuditFile> Files { get; }

    /// <summary>The hashes of the tree of all these entries, and of those that were retired.</summary>
    public FrozenAuditFile Tree { get; }

    /// <summary>The name and content of the file that keeps the head, as it belongs to these files.</summary>
    public (string Name, byte[] Content) HeadFile => (AuditHeadFile.Name, AuditHeadFile.Content(Head));

    /// <param name="lastLength">Of the file that is being appended to; null: none is.</param>
    /// <param name="treeLength">Of the tree's file.</param>
    internal static Outcome<AuditSnapshot> Open(string folder, AuditHead head, long? lastLength, long treeLength)
    {
        var files = new List<FrozenAuditFile>();
        try
        {
            var listed = AuditFile.List(folder);
            foreach (var file in listed)
            {
                var handle = Look(file.Path);
                var length = file == listed[^1] && lastLength is { } whole ? whole : RandomAccess.GetLength(handle);
                files.Add(new(file.Name, length, handle));
            }

            var tree = new FrozenAuditFile(AuditTreeFile.Name, treeLength, Look(Path.Combine(folder, AuditTreeFile.Name)));
            return new AuditSnapshot(head, files, tree);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            files.ForEach(file => file.Handle.Dispose());
            return AuditProblem.NotRead(folder, e);
        }
    }

    public void Dispose()
    {
        foreach (var file in Files)
            file.Handle.Dispose();
        Tree.Handle.Dispose();
    }

    private static SafeFileHandle Look(string path) => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}
