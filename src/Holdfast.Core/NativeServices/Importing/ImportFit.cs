using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Services.Fields;

namespace Holdfast.Core.NativeServices.Importing;

/// <summary>Fits what another wrapper's configuration means to the host that it is to be installed on.</summary>
public static class ImportFit
{
    /// <param name="onWindows">Whether the host is one.</param>
    /// <param name="name">What it is to be called; null: as it was.</param>
    /// <param name="account">What it is to run under; null: what it ran under.</param>
    public static FittedImport For(ImportedService imported, bool onWindows, string? name, string? account)
    {
        ArgumentNullException.ThrowIfNull(imported);
        var notes = imported.Notes.Where(note => name is null || !note.Says.StartsWith($"`{imported.Was}` becomes", StringComparison.Ordinal)).ToList();
        var problems = new List<Problem>();
        var spec = imported.Spec with { Name = name ?? imported.Spec.Name, WorkingFolder = imported.WorkingFolder ?? "." };
        spec = onWindows ? OnWindows(spec, account, notes) : Elsewhere(spec, account, notes, problems, imported.Places);
        var (told, install) = Divide(spec, onWindows, notes);
        CheckPaths(told, onWindows, problems, imported.Places);
        return new(new() { Spec = told, Install = install }, notes, problems);
    }

    private static ServiceSpec OnWindows(ServiceSpec spec, string? account, List<ImportNote> notes)
    {
        var user = account ?? spec.User?.Name;
        if (user is null || ScmAccount.Same(user, ScmAccount.LocalSystem))
        {
            if (account is null) notes.Add(new("account", $"it runs as LocalSystem; an account of its own, without a password: `--user \"{ScmAccount.Virtual(spec.Name)}\"`"));
            return spec with { User = null };
        }

        if (!ScmAccount.HasNoPassword(user)) notes.Add(new("account", $"the password of {user} is asked for at the installation, or read by `--password-from`"));
        return spec with { User = new(user) };
    }

    private static ServiceSpec Elsewhere(ServiceSpec spec, string? account, List<ImportNote> notes, List<Problem> problems, IReadOnlyDictionary<string, Place> places)
    {
        if (account is not null) return spec with { User = new(account) };
        if (spec.User is { } user && !ScmAccount.Same(user.Name, ScmAccount.LocalSystem))
            problems.Add(new(ProblemKind.BadInput, "import.account", $"it ran as {user.Name}, an account of Windows") { Where = PlaceOf(places, "user"), Mend = "`--user ACCOUNT` names one of this host" });
        else notes.Add(new("account", "it runs as the supervisor's own account, root; `--user ACCOUNT` gives it one of its own"));
        return spec with { User = null };
    }

    /// <summary>When it starts, and after what, the service manager is told, whichever it is.</summary>
    private static (ServiceSpec Spec, InstallSpec Install) Divide(ServiceSpec spec, bool onWindows, List<ImportNote> notes)
    {
        var windows = spec.Windows ?? new();
        var install = new InstallSpec { Start = windows.StartType, Depends = windows.Dependencies };
        windows = windows with { StartType = NativeStartType.Automatic, Dependencies = [] };
        if (WindowsFields.Shape.Write(windows).Count <= 1) windows = null;
        if (!onWindows)
        {
            if (install.Start == NativeStartType.Delayed)
            {
                notes.Add(new("delayed start", "systemd has none: it starts at boot; `--depends UNIT` names what it is to come after"));
                install = install with { Start = NativeStartType.Automatic };
            }

            if (install.Depends.Count > 0)
            {
                notes.Add(new("dependencies", $"{string.Join(", ", install.Depends)}: services of Windows, which systemd does not know, are left out; `--depends UNIT` names its own"));
                install = install with { Depends = [] };
            }

            if (windows is not null) notes.Add(new("windows", "what stands below this key is Windows' own, and means nothing on this host"));
        }

        return (spec with { Windows = windows }, install);
    }

    private static void CheckPaths(ServiceSpec spec, bool onWindows, List<Problem> problems, IReadOnlyDictionary<string, Place> places)
    {
        foreach (var (key, path) in Commands(spec).Select(one => (one.Key, one.Command[0])).Append(("workingFolder", spec.WorkingFolder ?? ".")))
        {
            if (!onWindows && IsOfWindows(path))
            {
                problems.Add(new(ProblemKind.BadInput, "import.windows-path", $"{key}: {path} is a path of Windows")
                {
                    Where = PlaceOf(places, key),
                    Mend = "import it on that machine; or write the definition with `--dry-run >FILE`, give it paths of this host, and import FILE",
                });
            }
            else if (key != "workingFolder" && (path.EndsWith(".bat", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".cmd", StringComparison.OrdinalIgnoreCase)))
            {
                problems.Add(new(ProblemKind.BadInput, "import.command-script", $"{key}: {path} is a command script")
                {
                    Where = PlaceOf(places, key),
                    Why = "Windows hands its arguments to cmd.exe, which finds commands in them, and what a script starts is not pinned by its digest",
                    Mend = "name the program that the script starts: write the definition with `--dry-run >FILE`, change it there, and import FILE",
                });
            }
        }
    }

    /// <summary>What is run beside the program must be pinned with it: else it is refused when it is to start.</summary>
    /// <param name="executable">Absolute, without links.</param>
    /// <param name="executableOnly">Nothing beside it is pinned.</param>
    /// <param name="places">Where what became a key stands.</param>
    public static IReadOnlyList<Problem> Unpinned(ServiceSpec spec, string executable, bool executableOnly, IReadOnlyDictionary<string, Place> places)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(executable);
        var folder = executable[..(executable.LastIndexOfAny(['/', '\\']) + 1)];
        var comparison = IsOfWindows(executable) ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return
        [
            .. from one in Commands(spec).Skip(1)
               let path = one.Command[0]
               where !path.Equals(executable, comparison) && (executableOnly || (IsAbsolute(path) && !path.StartsWith(folder, comparison)))
               select new Problem(ProblemKind.Refused, "import.not-pinned", $"{one.Key}: {path} is not pinned with the program, and would be refused when it is to run")
               {
                   Where = PlaceOf(places, one.Key),
                   Mend = executableOnly ? "leave out --executable-only, or that hook" : $"put a copy of it below {folder}, or leave that hook out: write the definition with `--dry-run >FILE`, change it there, and import FILE",
               },
        ];
    }

    private static IEnumerable<(string Key, IReadOnlyList<string> Command)> Commands(ServiceSpec spec) => SpecCommands.Of(spec).Where(one => one.Command.Count > 0);

    private static Place? PlaceOf(IReadOnlyDictionary<string, Place> places, string key) => places.TryGetValue(key, out var place) ? place : null;

    private static bool IsAbsolute(string path) => path.StartsWith('/') || IsOfWindows(path);

    private static bool IsOfWindows(string path) => path.StartsWith(@"\\", StringComparison.Ordinal) || (path is [var drive, ':', '\\' or '/', ..] && char.IsAsciiLetter(drive));
}
