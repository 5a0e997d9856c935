using System.Buffers;
using System.Text;
using Holdfast.Core.Auditing.Witnessing;
using Holdfast.Core.Problems;

namespace Holdfast.Core.Auditing.Tree;

/// <summary>
/// Verifies an export line by line, in one pass, with nothing but the log's public key. What the key has signed is the root over all entries;
/// the hashes that come with the export are believed when they lead to it, and then they say of each line whether it is the entry that it should be.
/// </summary>
public sealed class AuditExportCheck(NoteKey key, AuditExportExpectation expected)
{
    private readonly AuditCheck chain = new([], after: null);
    private readonly List<string> fields = [];
    private readonly ArrayBufferWriter<byte> note = new();
    private readonly List<SeenRecord> seen = [];
    private readonly List<TreeHash> hashes = [];
    private readonly List<AuditFinding> shape = [];
    private IReadOnlyList<AuditFinding> chained = [];
    private Part part = Part.Fields;
    private int blanks;
    private bool endsWhole = true;

    private enum Part
    {
        Fields,
        Note,
        Records,
        Hashes,
        Foreign,
    }

    /// <summary>The next line, its newline included. The answer is false when nothing further could make it an export.</summary>
    public bool Add(ReadOnlySpan<byte> line)
    {
        endsWhole = line.Length > 0 && line[^1] == (byte)'\n';
        var text = endsWhole ? line[..^1] : line;
        switch (part)
        {
            case Part.Fields when text.Length == 0 && fields.Count > 0:
                part = Part.Note;
                break;
            case Part.Fields:
                fields.Add(Encoding.UTF8.GetString(text));
                if (fields[0] != AuditExportHeader.FirstLine || fields.Count > AuditExportHeader.MostLines)
                    part = Part.Foreign;
                break;
            // The first empty line is the note's own.
            case Part.Note when text.Length == 0 && blanks++ > 0:
                part = Part.Records;
                break;
            case Part.Note:
                if (note.WrittenCount <= SignedNote.LongestBytes)
                    note.Write(line);
                break;
            case Part.Records when text.Length == 0:
                part = Part.Hashes;
                break;
            case Part.Records:
                var entry = chain.Add(line, $"record {seen.Count + 1}");
                seen.Add(new(TreeHash.Leaf(text), entry?.Sequence ?? 0, entry?.At ?? default));
                break;
            case Part.Hashes when TreeHash.Parse(Encoding.ASCII.GetString(text)) is { } hash:
                hashes.Add(hash);
                break;
            case Part.Hashes when shape.Count == 0:
                shape.Add(Changed(0, $"line {hashes.Count + 1} of its hashes is none"));
                break;
        }

        return part != Part.Foreign;
    }

    /// <summary>Problems: <c>audit.not-an-export</c>.</summary>
    public Outcome<AuditExportVerdict> Finish()
    {
        if (fields.Count == 0 || fields[0] != AuditExportHeader.FirstLine)
            return NotAnExport;
        if (part != Part.Hashes || !endsWhole)
            shape.Add(new(AuditFault.Truncated, 0, "The export was cut: its end is missing."));
        var checkpoint = Checkpoint.Open(note.WrittenSpan, key, out var why);
        if (checkpoint is null)
            shape.Add(new(AuditFault.CheckpointChanged, 0, $"The checkpoint of the export does not count: {why}."));
        chained = chain.Finish().Findings;
        if (AuditExportHeader.Parse(fields, note.WrittenMemory, out why) is not { } header)
            return Verdict(0, 0, checkpoint, [.. shape, Changed(0, why), .. chained]);

        var broken = checkpoint is null ? null : Roots(header, checkpoint);
        var records = broken ?? [.. RecordAlignment.Compare(header.From, hashes, seen)];
        // The chain says it again, with other words; where the hashes are quiet it is heard. Of a beginning that was asked for it knows nothing.
        if (records.Count == 0)
            records.AddRange(chained.Where(finding => finding.Fault != AuditFault.Beheaded || !(expected.AnyRange || expected.From is not null)));
        List<AuditFinding> findings = [.. shape, .. records, .. Extent(header, checkpoint), .. BackDated(), .. Kept(header, checkpoint), .. Witnessed(checkpoint)];
        return Verdict(header.From, header.To, checkpoint, findings);
    }

    private AuditExportVerdict Verdict(long from, long to, Checkpoint? checkpoint, IReadOnlyList<AuditFinding> findings) =>
        new(seen.Count, from, to, [.. findings.Take(AuditCheck.MostFindings)])
        {
            Checkpoint = checkpoint,
            Times = seen.Count > 0 ? (seen[0].At, seen[^1].At) : null,
        };

    /// <summary>What is wrong where the hashes do not lead to the root that was signed; null: they do, and can be believed.</summary>
    private List<AuditFinding>? Roots(AuditExportHeader header, Checkpoint checkpoint)
    {
        if (Root(header, hashes, checkpoint) == checkpoint.Root)
        {
            // The numbers of the lines are the entries' own; a header that calls them otherwise lies.
            var misnamed = seen.Count > 0 && hashes.Count > 0 && seen[0].Hash == hashes[0] && seen[0].Sequence != header.From;
            return misnamed ? [Changed(header.From, $"it says that it begins with entry {header.From}, and it begins with entry {seen[0].Sequence}")] : null;
        }

        if (Root(header, [.. seen.Select(record => record.Hash)], checkpoint) == checkpoint.Root)
            return [Changed(header.From, "its entries are those that were signed, and its hashes are not")];
        List<AuditFinding> which = [.. RecordAlignment.Compare(header.From, hashes, seen)];
        if (which.Count == 0)
            which.AddRange(chained.Where(finding => finding.Fault != AuditFault.Beheaded));
        return [.. which, new(AuditFault.TreeChanged, header.From, "The entries are not those that the checkpoint signs: they, their hashes or the first lines were changed.")];
    }

    private static TreeHash? Root(AuditExportHeader header, List<TreeHash> entries, Checkpoint checkpoint)
    {
        if (entries.Count != header.To - header.From + 1 || header.Before() is not { } range)
            return null;
        foreach (var hash in entries)
            range.Append(hash);
        return header.After(range, checkpoint.Size)?.Root();
    }

    /// <summary>Whether it is as long as it should be.</summary>
    private IEnumerable<AuditFinding> Extent(AuditExportHeader header, Checkpoint? checkpoint)
    {
        if (expected.AnyRange)
            yield break;
        if (expected.From is { } from && from != header.From)
            yield return new(AuditFault.Removed, Math.Min(from, header.From), $"The export begins with entry {header.From}, and entry {from} was asked for.");
        var last = expected.To ?? (checkpoint is null ? header.To : header.First + checkpoint.Size - 1);
        if (last != header.To)
            yield return new(AuditFault.Truncated, Math.Min(last, header.To) + 1, $"The export ends with entry {header.To}, and {(expected.To is null ? $"the log had {last}" : $"entry {last} was asked for")}.");
    }

    private IEnumerable<AuditFinding> BackDated()
    {
        var latest = DateTimeOffset.MinValue;
        foreach (var record in seen.Where(record => record.Sequence > 0))
        {
            if (record.At + expected.Tolerance < latest)
                yield return new(AuditFault.BackDated, record.Sequence, $"Entry {record.Sequence} says {record.At:u}, and an entry before it says {latest:u}.");
            else if (record.At > latest)
                latest = record.At;
        }
    }

    /// <summary>Whether the log still begins with a checkpoint that was kept.</summary>
    private IEnumerable<AuditFinding> Kept(AuditExportHeader header, Checkpoint? checkpoint)
    {
        if (expected.Kept is not { } kept || checkpoint is null)
            yield break;
        var from = header.From - header.First;
        if (kept.Origin != checkpoint.Origin)
            yield return new(AuditFault.CheckpointChanged, 0, $"The checkpoint that was kept is of {kept.Origin}, and the export of {checkpoint.Origin}: it is another log, or one that was restored.");
        else if (kept.Size > checkpoint.Size)
            yield return new(AuditFault.Truncated, header.First + checkpoint.Size, $"The checkpoint that was kept signs {kept.Size} entries, and the export's {checkpoint.Size}.");
        else if (kept.Size != checkpoint.Size && (kept.Size < from || kept.Size > from + hashes.Count))
            yield return new(AuditFault.CheckpointChanged, header.First + kept.Size, $"The checkpoint that was kept ends with entry {header.First + kept.Size - 1}, which is not next to an entry of the export, so the two cannot be compared: export from there on.");
        else if (RootAt(header, kept.Size, checkpoint) != kept.Root)
            yield return new(AuditFault.TreeChanged, header.First, $"The first {kept.Size} entries are not those that the checkpoint signs that was kept.");
    }

    /// <summary>Whether those who must have cosigned it have. Without the log's own signature there is nothing to cosign.</summary>
    private IEnumerable<AuditFinding> Witnessed(Checkpoint? checkpoint)
    {
        if (checkpoint is not null && Cosignature.Missing(note.WrittenSpan, expected.Witnesses, expected.WitnessesNeeded) is { } missing)
            yield return new(AuditFault.NotWitnessed, 0, char.ToUpperInvariant(missing[0]) + missing[1..] + ".");
    }

    private TreeHash? RootAt(AuditExportHeader header, long size, Checkpoint checkpoint)
    {
        if (size == checkpoint.Size)
            return checkpoint.Root;
        if (header.Before() is not { } range)
            return null;
        foreach (var hash in hashes.Take((int)(size - range.Size)))
            range.Append(hash);
        return range.Root();
    }

    private static AuditFinding Changed(long sequence, string how) => new(AuditFault.ExportChanged, sequence, $"The export was changed: {how}.");

    private static Problem NotAnExport { get; } = new(ProblemKind.BadInput, "audit.not-an-export", "This is no export of an audit log, and no proof of an entry.")
    {
        Mend = "give a file that `holdfast audit export` wrote (its form is bundle: ecs and csv hold no proofs), or `holdfast audit prove`",
    };
}
