using Holdfast.Core.Auditing;
using Holdfast.Core.Problems;

namespace Holdfast.Telemetry.Auditing;

/// <summary>Verifies a whole log, from its first file to its last, in one pass and little memory, while it may be appended to.</summary>
public static class AuditVerifier
{
    internal static readonly AuditFinding HeadLost = new(
        AuditFault.HeadLost, 0, $"The file '{AuditHeadFile.Name}' is missing or unreadable, so nothing tells whether the end of the log is whole.");

    /// <param name="kept">Heads that were kept elsewhere, besides the one that the log keeps itself.</param>
    /// <remarks>Problems: <c>audit.not-read</c>. A damaged log is a verdict, not a problem.</remarks>
    public static Outcome<AuditVerdict> Verify(string folder, IReadOnlyList<AuditHead> kept, CancellationToken cancel)
    {
        try
        {
            // The head first: what is appended while we read only makes the log longer than it says.
            var own = AuditHeadFile.Read(folder);
            var files = AuditFile.List(folder);
            var check = new AuditCheck(own is null ? kept : [.. kept, own], after: null);
            foreach (var file in files)
                Feed(check, file, isLast: file == files[^1], cancel);
            var verdict = check.Finish();
            return own is null && files.Count > 0 ? verdict with { Findings = [.. verdict.Findings, HeadLost] } : verdict;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return AuditProblem.NotRead(folder, e);
        }
    }

    private static void Feed(AuditCheck check, AuditFile file, bool isLast, CancellationToken cancel)
    {
        foreach (var line in AuditLines.Read(file.Path))
        {
            cancel.ThrowIfCancellationRequested();
            // An unfinished end of the last file is an append in progress, or one that a crash tore: the kept head says whether it counted.
            if (line.Complete || !isLast)
                check.Add(line.Content.Span, $"{file.Name}:{line.Number}");
        }
    }
}
