using Holdfast.Core.Auditing;
using Holdfast.Core.Auditing.Tree;
using Holdfast.Core.Problems;

namespace Holdfast.Telemetry.Auditing;

/// <summary>Verifies a whole log, from its first file to its last, in one pass and little memory, while it may be appended to.</summary>
public static class AuditVerifier
{
    internal static readonly AuditFinding HeadLost = new(
        AuditFault.HeadLost, 0, $"The file '{AuditHeadFile.Name}' is missing or unreadable, so nothing tells whether the end of the log is whole.");

    /// <summary>Without the log's key: the chain, and the tree as far as it can be judged without a signature.</summary>
    /// <remarks>Problems: <c>audit.not-read</c>. A damaged log is a verdict, not a problem.</remarks>
    public static Outcome<AuditVerdict> Verify(string folder, IReadOnlyList<AuditHead> kept, CancellationToken cancel) => Verify(folder, kept, null, cancel);

    /// <param name="folder">The log's.</param>
    /// <param name="kept">Heads that were kept elsewhere, besides the one that the log keeps itself.</param>
    /// <param name="key">That signs the log's checkpoints; with it a missing one is a finding, too.</param>
    /// <param name="cancel">Ends it.</param>
    /// <remarks>Problems: <c>audit.not-read</c>. A damaged log is a verdict, not a problem.</remarks>
    public static Outcome<AuditVerdict> Verify(string folder, IReadOnlyList<AuditHead> kept, NoteKey? key, CancellationToken cancel)
    {
        try
        {
            // The head and the checkpoint first: what is appended while we read only makes the log longer than they say.
            var own = AuditHeadFile.Read(folder);
            using var tree = AuditTreeCheck.Begin(folder, key);
            var files = AuditFile.List(folder);
            var check = new AuditCheck(own is null ? kept : [.. kept, own], after: null);
            foreach (var file in files)
                Feed(check, tree, file, isLast: file == files[^1], cancel);
            var verdict = check.Finish();
            var (findings, fits) = tree.Finish(check.Origin);
            IReadOnlyList<AuditFinding> lost = own is null && files.Count > 0 ? [HeadLost] : [];
            return verdict with { Findings = [.. verdict.Findings.Concat(lost).Concat(findings).Take(AuditCheck.MostFindings)], Checkpoint = fits };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return AuditProblem.NotRead(folder, e);
        }
    }

    private static void Feed(AuditCheck check, AuditTreeCheck tree, AuditFile file, bool isLast, CancellationToken cancel)
    {
        var sequence = file.FirstSequence;
        foreach (var line in AuditLines.Read(file.Path))
        {
            cancel.ThrowIfCancellationRequested();
            // An unfinished end of the last file is an append in progress, or one that a crash tore: the kept head says whether it counted.
            if (!line.Complete && isLast)
                continue;
            check.Add(line.Content.Span, $"{file.Name}:{line.Number}");
            tree.Add(sequence++, line.Content.Span);
        }
    }
}
