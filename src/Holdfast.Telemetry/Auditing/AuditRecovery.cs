using System.Security.Cryptography;
using Holdfast.Core.Auditing;
using Holdfast.Core.Problems;

namespace Holdfast.Telemetry.Auditing;

/// <summary>What stood after the last whole entry: an append that a crash had torn, which was never answered.</summary>
internal sealed record TornTail(long Bytes, string Sha256);

/// <summary>What opening a log found: where the chain ends, and the file to go on with.</summary>
internal sealed record AuditRecovery(AuditHead Head, AuditTail? Tail, TornTail? Torn)
{
    /// <summary>Checks the last file against the kept head, and cuts a torn end off. The whole chain is <see cref="AuditVerifier"/>'s.</summary>
    public static Outcome<AuditRecovery> Run(string folder, Action<string> syncFolder)
    {
        Directory.CreateDirectory(folder);
        var kept = AuditHeadFile.Read(folder);
        var files = AuditFile.List(folder);
        if (kept is null)
        {
            // The head's file is made before the first entry: entries without it mean that somebody took it.
            if (files.Count > 0 || File.Exists(Path.Combine(folder, AuditHeadFile.Name)))
                return AuditProblem.Damaged(folder, AuditVerifier.HeadLost);
            AuditHeadFile.Create(folder, syncFolder);
            return new AuditRecovery(AuditHead.Origin, null, null);
        }

        // A file without an entry is what a crash between creating it and writing to it leaves.
        while (files.Count > 0 && new FileInfo(files[^1].Path).Length == 0)
        {
            File.Delete(files[^1].Path);
            files = [.. files.SkipLast(1)];
        }

        return files.Count == 0 ? Empty(folder, kept) : Last(folder, files, kept);
    }

    private static Outcome<AuditRecovery> Empty(string folder, AuditHead kept)
    {
        var verdict = new AuditCheck([kept], AuditHead.Origin).Finish();
        return verdict.Whole ? new AuditRecovery(AuditHead.Origin, null, null) : AuditProblem.Damaged(folder, verdict.Findings[0]);
    }

    private static Outcome<AuditRecovery> Last(string folder, IReadOnlyList<AuditFile> files, AuditHead kept)
    {
        var before = files.Count > 1 ? AuditReader.Last(files[^2])?.Head : files[0].FirstSequence == 1 ? AuditHead.Origin : null;
        var check = new AuditCheck([kept], before);
        TornTail? torn = null;
        long length = 0, last = before?.Sequence ?? 0;
        foreach (var line in AuditLines.Read(files[^1].Path))
        {
            // Entries that are written together have one sync, and a power cut may keep any parts of them. Those up to the kept head had theirs: zeros there are damage.
            if (!line.Complete || (last >= kept.Sequence && line.Content.Span.Contains((byte)0)))
            {
                torn = Behind(files[^1].Path, line.Offset);
                break;
            }

            last = check.Add(line.Content.Span, $"{files[^1].Name}:{line.Number}")?.Sequence ?? last;
            length = line.Offset + line.Content.Length;
        }

        var verdict = check.Finish();
        // A beginning that was retired is vouched for by an entry that may be in any file: that is the verifier's to find.
        if (verdict.Findings.FirstOrDefault(f => f.Fault != AuditFault.Beheaded) is { } finding)
            return AuditProblem.Damaged(folder, finding);
        return new AuditRecovery(verdict.Entries > 0 ? verdict.Head : before ?? AuditHead.Origin, AuditTail.Continue(files[^1], length), torn);
    }

    private static TornTail Behind(string path, long offset)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = offset;
        return new(file.Length - offset, Convert.ToHexStringLower(SHA256.HashData(file)));
    }
}
