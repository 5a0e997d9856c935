using Holdfast.Core.Problems;

namespace Holdfast.Core.Packages;

/// <summary>
/// Law 1 at a start: what is about to run is still what was admitted. Cheap enough for every start: one seal and one look
/// at each file's facts; nothing is read or digested.
/// </summary>
public static class Admission
{
    /// <summary>Opens the record, and checks that it is of this package and that every file and folder is still as it was admitted.</summary>
    /// <param name="document">The bytes of <c>admission.json</c>.</param>
    /// <param name="key">The node key.</param>
    /// <param name="digest">The package that is to be started, <c>sha256:…</c></param>
    /// <param name="look">Package-relative path (with forward slashes, <c>""</c> for the root) → what the file system says now, without following links; null: not there. Holdfast.Platform's <c>FileFactsReader.Under</c> makes it.</param>
    /// <returns>The record, or every problem: each names its file.</returns>
    public static Outcome<AdmissionRecord> Check(ReadOnlyMemory<byte> document, ReadOnlySpan<byte> key, string digest, Func<string, FileFacts?> look)
    {
        var opened = AdmissionRecords.Open(document, key);
        return opened.TryGet(out var record) ? Check(record, digest, look) : opened;
    }

    /// <summary>That the record is of this package, and that every file and folder is still as it was admitted.</summary>
    public static Outcome<AdmissionRecord> Check(AdmissionRecord record, string digest, Func<string, FileFacts?> look)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (!string.Equals(record.Digest, digest, StringComparison.Ordinal))
            return new Problem(ProblemKind.Damaged, "admission.other-package", $"the admission record is of {record.Digest}, not of {digest}") { Mend = "deploy the package again" };
        var problems = Check(record, look);
        return problems.Count == 0 ? record : Outcome.Failed<AdmissionRecord>(problems);
    }

    /// <summary>Every file and folder that is not as it was admitted; empty: all are.</summary>
    public static IReadOnlyList<Problem> Check(AdmissionRecord record, Func<string, FileFacts?> look)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(look);
        List<Problem> problems = [];
        var whole = record.Pinned ? "the program's folder" : "the package's folder";
        foreach (var folder in record.Folders)
        {
            var name = folder.Path.Length == 0 ? whole : $"{whole} {folder.Path}";
            if (Judge(record, name, folder.Facts, look(folder.Path), "something was added to it or removed from it, or its rights were changed") is { } problem) problems.Add(problem);
        }

        foreach (var file in record.Files)
        {
            if (Judge(record, file.Path, file.Facts, look(file.Path), "its content, its rights or the file itself were changed") is { } problem) problems.Add(problem);
        }

        return problems;
    }

    private static Problem? Judge(AdmissionRecord record, string name, FileFacts admitted, FileFacts? now, string change)
    {
        var (was, mend) = record.Pinned
            ? ("pinned", $"see what was changed; if it was changed on purpose: holdfast service trust {record.Service}")
            : ("admitted", "deploy the package again: a store whose content is still right is bound anew by that");
        if (now is null)
            return Refuse("admission.missing", $"{name} is missing", record.Pinned ? "it was there when it was pinned" : "it was there when the package was admitted");
        if (now.WritableByOthers)
            return Refuse("admission.writable", $"{name} can be written by others than its owner", "what runs must not be changeable by those who run it");
        return now == admitted ? null : Refuse("admission.changed", $"{name} is not what was {was}", change);

        Problem Refuse(string rule, string what, string why) => new(ProblemKind.Refused, rule, what) { Why = why, Mend = mend };
    }
}
