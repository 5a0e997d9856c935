using System.Text;
using Holdfast.Core.Problems;
using Holdfast.Platform;

namespace Holdfast.Cli.Units;

/// <summary>Units as files in the folder of the machine's own units. What somebody else wrote is never touched.</summary>
/// <param name="root">The machine's root: another one's image lies elsewhere.</param>
internal sealed class UnitFiles(string root = "/")
{
    private const UnixFileMode Mode = DurableFile.OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public string Folder { get; } = Path.Join(Path.GetFullPath(root).TrimEnd('/'), SystemdUnits.Folder);

    public string PathOf(string unit) => Path.Combine(Folder, unit);

    /// <summary>The services of this home whose units are there.</summary>
    public IReadOnlyList<string> Exported(Home home) => !Directory.Exists(Folder) ? [] :
    [
        .. Directory.EnumerateFiles(Folder).Where(path => IsOurs(path) && File.ReadLines(path).Any(line => line.StartsWith("ExecStart=", StringComparison.Ordinal) && line.Contains(SystemdUnits.HomeOption(home), StringComparison.Ordinal)))
            .Select(path => SystemdUnits.ServiceOf(Path.GetFileName(path))).OfType<string>().Order(StringComparer.Ordinal),
    ];

    /// <summary>All of them, or none.</summary>
    /// <returns>The names of those that were not there, or not like this.</returns>
    public Outcome<IReadOnlyList<string>> Write(IReadOnlyList<(string Name, string Text)> units)
    {
        var others = units.Select(unit => PathOf(unit.Name)).Where(path => File.Exists(path) && !IsOurs(path)).ToList();
        if (others.Count > 0) return others.Select(path => NotOurs(path, "install")).ToList();
        try
        {
            Directory.CreateDirectory(Folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new Problem(ProblemKind.Refused, "install.no-folder", $"{Folder} cannot be made.") { Why = failure.Message, Mend = "units of the machine are root's: run it as root" };
        }

        var changed = units.Where(unit => !File.Exists(PathOf(unit.Name)) || File.ReadAllText(PathOf(unit.Name)) != unit.Text).ToList();
        var problems = changed.SelectMany(unit => DurableFile.Write(PathOf(unit.Name), Encoding.UTF8.GetBytes(unit.Text), Mode).Problems).ToList();
        return problems.Count == 0 ? Outcome.Of<IReadOnlyList<string>>([.. changed.Select(unit => unit.Name)]) : problems;
    }

    /// <summary>Those that are there; one that somebody else wrote stops it before anything is removed.</summary>
    /// <returns>The names of those that were there.</returns>
    public Outcome<IReadOnlyList<string>> Find(IReadOnlyList<string> units)
    {
        var there = units.Where(unit => File.Exists(PathOf(unit))).ToList();
        var others = there.Select(PathOf).Where(path => !IsOurs(path)).ToList();
        return others.Count == 0 ? Outcome.Of<IReadOnlyList<string>>(there) : others.Select(path => NotOurs(path, "remove")).ToList();
    }

    public Outcome<Done> Remove(IReadOnlyList<string> units)
    {
        var problems = units.SelectMany(unit => DurableFile.Delete(PathOf(unit)).Problems).ToList();
        return problems.Count == 0 ? Outcome.Done : problems;
    }

    private static bool IsOurs(string path) => File.ReadLines(path).FirstOrDefault() is SystemdUnits.Mark or SystemdUnits.ServiceMark;

    private static Problem NotOurs(string path, string what) => new(ProblemKind.Conflict, "install.not-ours", $"{path} is there and was not written by this command.")
    {
        Mend = $"remove or rename it, then {what} again; changes of your own belong into a drop-in (systemctl edit)",
    };
}
