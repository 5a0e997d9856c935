using System.Text;
using Holdfast.Core.Auditing.Tree;
using Holdfast.Core.Problems;

namespace Holdfast.Telemetry.Auditing;

/// <summary>Entries of the log with all that proves them, as of one moment. Dispose it soon: it keeps retired files on the disk.</summary>
public sealed class AuditExport : IDisposable
{
    private const int ChunkBytes = 64 * 1024;

    private readonly AuditSnapshot frozen;

    private AuditExport(AuditSnapshot frozen, AuditExportHeader header)
    {
        this.frozen = frozen;
        Header = header;
    }

    public AuditExportHeader Header { get; }

    /// <summary>The whole text in pieces (<see cref="AuditExportHeader"/> says its form). A piece is good until the next is asked for.</summary>
    /// <exception cref="IOException">A file cannot be read any more.</exception>
    public IEnumerable<ReadOnlyMemory<byte>> Chunks()
    {
        yield return Header.Format();
        var sequence = 0L;
        var pending = new MemoryStream(2 * ChunkBytes);
        foreach (var (name, length, handle) in frozen.Files)
        {
            sequence = AuditFile.FirstSequenceOf(name);
            foreach (var line in AuditLines.Read(handle, length))
            {
                if (sequence >= Header.From && sequence <= Header.To)
                    pending.Write(line.Content.Span);
                sequence++;
                if (pending.Length < ChunkBytes)
                    continue;
                yield return pending.GetBuffer().AsMemory(0, (int)pending.Length);
                pending.SetLength(0);
            }
        }

        pending.WriteByte((byte)'\n');
        for (var index = Header.From - Header.First; index <= Header.To - Header.First; index++)
        {
            pending.Write(Encoding.ASCII.GetBytes($"{AuditTreeFile.Read(frozen.Tree.Handle, 0, index)}\n"));
            if (pending.Length < ChunkBytes)
                continue;
            yield return pending.GetBuffer().AsMemory(0, (int)pending.Length);
            pending.SetLength(0);
        }

        yield return pending.GetBuffer().AsMemory(0, (int)pending.Length);
    }

    public void Dispose() => frozen.Dispose();

    /// <summary>Takes the snapshot over.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <param name="cosigned">What others have cosigned, in place of the last checkpoint: the log ends there; null: the last one.</param>
    internal static Outcome<AuditExport> Of(AuditSnapshot frozen, AuditTree tree, NoteKey? key, string folder, (long? From, long? To) asked, (Checkpoint Checkpoint, byte[] Note)? cosigned)
    {
        var (from, to) = asked;
        var kept = (First: frozen.Files.Count > 0 ? AuditFile.FirstSequenceOf(frozen.Files[0].Name) : 0, Last: cosigned is { } ends ? tree.First + ends.Checkpoint.Size - 1 : frozen.Head.Sequence);
        var (begin, end) = (Math.Max(from ?? kept.First, tree.First), to ?? kept.Last);
        var made = begin < kept.First || begin > end || end > kept.Last
            ? AuditProblem.NoSuchEntry(begin < kept.First || begin > kept.Last ? begin : end, kept.First, kept.Last)
            : (cosigned is { } witnessed ? Outcome.Of(witnessed) : AuditProving.Signed(folder, tree, key, tree.Size)).Then(signed => Outcome.Of(new AuditExport(frozen, new(
                tree.First, begin, end, Roots(0, begin - tree.First), Roots(end - tree.First + 1, signed.Checkpoint.Size), signed.Note))));
        if (!made.IsOk)
            frozen.Dispose();
        return made;

        IReadOnlyList<TreeHash> Roots(long first, long behind) => [.. TreeNodes.Cover(first, behind).Select(node => AuditTreeFile.Read(frozen.Tree.Handle, node.Level, node.Index))];
    }
}
