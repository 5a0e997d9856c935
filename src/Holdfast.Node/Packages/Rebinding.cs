using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Platform;

namespace Holdfast.Node.Packages;

/// <summary>
/// Gives an admission record new facts where the content is still what was admitted. The record's seal vouches for the digests, so
/// no signature is judged again; a file too many or too few, or other content, is refused.
/// </summary>
internal static class Rebinding
{
    private const UnixFileMode ClosedFolder = UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    public static Outcome<AdmissionRecord> Run(StagedPackage place, AdmissionRecord record, Func<string, FileFacts?> look, DateTimeOffset now, CancellationToken cancel)
    {
        var problems = Strangers(place, record);
        List<AdmittedFile> files = [];
        foreach (var file in record.Files)
        {
            if (Bind(place, file, look, cancel) is { } bound) files.Add(file with { Facts = bound });
            else problems.Add(Refuse($"{file.Path} is not what was admitted"));
        }

        List<AdmittedFolder> folders = [];
        foreach (var folder in record.Folders.Reverse())
        {
            var path = place.PathOf(folder.Path);
            if (look(path) is not null && FolderRights.Set(path, ClosedFolder).IsOk && look(path) is { WritableByOthers: false } facts) folders.Add(folder with { Facts = facts });
            else problems.Add(Refuse($"the folder '{folder.Path}' is missing"));
        }

        folders.Reverse();
        return problems.Count > 0 ? problems : record with { Files = files, Folders = folders, ReboundAt = now };
    }

    /// <summary>The facts before and after the reading are the same: what was digested is what they describe.</summary>
    private static FileFacts? Bind(StagedPackage place, AdmittedFile file, Func<string, FileFacts?> look, CancellationToken cancel)
    {
        var path = place.PathOf(file.Path);
        if (look(path) is null || !FolderRights.Set(path, StagedPackage.ModeOf(file.Mode)).IsOk) return null;
        var before = look(path);
        return FileDigest.Of(path, cancel) == file.Sha256 && look(path) == before ? before : null;
    }

    private static List<Problem> Strangers(StagedPackage place, AdmissionRecord record)
    {
        var expected = record.Files.Select(f => f.Path).Concat(record.Folders.Select(f => f.Path)).ToHashSet(StringComparer.Ordinal);
        EnumerationOptions all = new() { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false };
        return [.. Directory.EnumerateFileSystemEntries(place.Files, "*", all)
            .Select(entry => Path.GetRelativePath(place.Files, entry).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(path => !expected.Contains(path))
            .Select(path => Refuse($"{path} was added after the package was admitted"))];
    }

    private static Problem Refuse(string what) => new(ProblemKind.Refused, "admission.rebind", what) { Mend = "deploy the package again" };
}
