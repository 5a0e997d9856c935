using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Node.Packages;
using Holdfast.Platform;

namespace Holdfast.Node.Pinning;

/// <summary>Law 1 for a program of the host: digests it and what lies beside it, and binds that to what the file system says of each file.</summary>
internal static class FolderPin
{
    /// <summary>Of more than this nobody means all: every start looks at each file.</summary>
    public const int MostFiles = 20_000;

    /// <summary>As the file system of this host tells names apart.</summary>
    private static readonly StringComparer paths = OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>Problems that are told one by one; of the rest the number is.</summary>
    private const int MostTold = 20;

    public static Outcome<AdmissionRecord> Of(Pin pin, DateTimeOffset now, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(pin);
        var look = FileFactsReader.Under(pin.Folder);
        if (FileFactsReader.OpenFolderAbove(pin.Executable) is { } open && (pin.ExecutableOnly || open != pin.Folder))
            return Replaceable(pin.Executable, open);
        var (files, folders, problems) = pin.ExecutableOnly ? ([Path.GetFileName(pin.Executable)], [], []) : Walk(pin, cancel);
        var admitted = new List<AdmittedFile>(files.Count);
        foreach (var file in files)
        {
            var facts = look(file);
            if (Fault(file, facts) is { } fault)
            {
                problems.Add(fault);
                continue;
            }

            var digest = FileDigest.Of(Path.Combine(pin.Folder, file), cancel);
            if (look(file) != facts) problems.Add(Changing(file));
            else admitted.Add(new(Slashes(file), digest, FileModes.For(AccessClass.Code, IsExecutable(pin, file)), AccessClass.Code, facts!));
        }

        var around = new List<AdmittedFolder>(folders.Count);
        foreach (var folder in folders)
        {
            var facts = look(folder);
            if (Fault(folder.Length == 0 ? pin.Folder : folder, facts) is { } fault) problems.Add(fault);
            else around.Add(new(Slashes(folder), facts!));
        }

        if (problems.Count > 0) return Few(problems);
        admitted.Sort((one, other) => string.CompareOrdinal(one.Path, other.Path));
        return new AdmissionRecord
        {
            Digest = PinnedContent.DigestOf(admitted),
            Service = pin.Service,
            Version = PinnedServices.Version,
            Pinned = true,
            Signers = [],
            AdmittedAt = now,
            Files = admitted,
            Folders = around,
        };
    }

    /// <summary>Everything below the folder but what the service writes. What a link inside leads to must be inside as well: else it would not be pinned.</summary>
    private static (List<string> Files, List<string> Folders, List<Problem> Problems) Walk(Pin pin, CancellationToken cancel)
    {
        List<string> files = [], folders = [];
        List<Problem> problems = [];
        var written = pin.Writable.Select(folder => Below(pin.Folder, folder)).ToHashSet(paths);
        foreach (var missing in written.Where(folder => folder == "." || folder.StartsWith("..", StringComparison.Ordinal) || !Directory.Exists(Path.Combine(pin.Folder, folder))))
            problems.Add(new(ProblemKind.BadInput, "pin.writable", $"{missing} is no folder in {pin.Folder}") { Mend = "make it first; what is added to the pinned folder later is a change of it" });
        var left = new Stack<string>([""]);
        while (left.TryPop(out var folder))
        {
            cancel.ThrowIfCancellationRequested();
            folders.Add(folder);
            foreach (var entry in new DirectoryInfo(Path.Combine(pin.Folder, folder)).EnumerateFileSystemInfos())
            {
                var path = Path.Combine(folder, entry.Name);
                if (written.Contains(path)) continue;
                if (entry.LinkTarget is not null)
                {
                    if (!IsInside(pin.Folder, entry)) problems.Add(LeadsOut(path));
                }
                else if (entry is DirectoryInfo)
                {
                    left.Push(path);
                }
                else if (FileFactsReader.Read(entry.FullName) is not null)
                {
                    files.Add(path);
                }

                if (files.Count + folders.Count > MostFiles) return (files, folders, [TooMany(pin.Folder)]);
            }
        }

        return (files, folders, problems);
    }

    private static bool IsInside(string folder, FileSystemInfo link)
    {
        try
        {
            return link.ResolveLinkTarget(returnFinalTarget: true) is { } target && target.FullName.StartsWith(folder + Path.DirectorySeparatorChar, OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool IsExecutable(Pin pin, string file) => OperatingSystem.IsWindows()
        ? Path.GetExtension(file).Equals(".exe", StringComparison.OrdinalIgnoreCase)
        : (File.GetUnixFileMode(Path.Combine(pin.Folder, file)) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;

    /// <summary>However it was written, relative to the folder or absolute: one spelling.</summary>
    private static string Below(string folder, string given) => Path.GetRelativePath(folder, Path.TrimEndingDirectorySeparator(Path.GetFullPath(given, folder)));

    private static string Slashes(string path) => path.Replace('\\', '/');

    private static Problem? Fault(string what, FileFacts? facts) => facts switch
    {
        null => Changing(what),
        { WritableByOthers: true } => new(ProblemKind.Refused, "pin.writable-by-others", $"{what} can be written by others than root")
        {
            Why = "whoever can change what runs, runs what he likes",
            Mend = "chown root and chmod go-w it; a folder that the service writes: --writable FOLDER",
        },
        _ => null,
    };

    private static Problem Changing(string what) => new(ProblemKind.Conflict, "pin.changing", $"{what} changed while it was looked at") { Mend = "try again when nothing is being installed there" };

    private static Problem Replaceable(string executable, string open) => new(ProblemKind.Refused, "pin.replaceable", $"{executable} can be replaced by others: they may write {open}")
    {
        Mend = $"chown root and chmod go-w {open}, or install the program elsewhere",
    };

    private static Problem LeadsOut(string path) => new(ProblemKind.Refused, "pin.link", $"the link {path} leads out of the folder, or nowhere")
    {
        Why = "what it leads to would not be pinned",
        Mend = "put a copy in its place, or remove it",
    };

    private static Problem TooMany(string folder) => new(ProblemKind.Refused, "pin.too-many", $"{folder} holds more than {MostFiles} files and folders")
    {
        Mend = "give the program a folder of its own, or pin the executable alone: --executable-only",
    };

    private static List<Problem> Few(List<Problem> problems)
    {
        if (problems.Count <= MostTold) return problems;
        var rest = problems.Count - MostTold;
        return [.. problems.Take(MostTold), problems[MostTold] with { What = $"and {rest} more of them are so" }];
    }
}
