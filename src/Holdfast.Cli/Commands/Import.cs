using Holdfast.Core.NativeServices;
using Holdfast.Core.NativeServices.Importing;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Packaging.Documents;

namespace Holdfast.Cli.Commands;

/// <summary>A definition that is to be installed, and what there is to say of how it came about.</summary>
/// <param name="Was">The service that it was with another wrapper; null: it is ours.</param>
/// <param name="Folder">What its relative executable may lie in; null: it has none.</param>
internal sealed record Import(InstalledDefinition Definition, string? Was, string From, string? Folder, IReadOnlyList<string> Told, IReadOnlyList<Problem> Problems)
{
    /// <summary>Where in another wrapper's file stands what became a key.</summary>
    public IReadOnlyDictionary<string, Place> Places { get; init; } = new Dictionary<string, Place>();

    /// <summary>Of another wrapper, fitted to this host.</summary>
    public static Import Of(ImportedService imported, string from, string? folder, string? name, string? account)
    {
        var fitted = ImportFit.For(imported, OperatingSystem.IsWindows(), name, account);
        return new(fitted.Definition, imported.Was, from, folder, [.. imported.Taken.Select(one => $"taken:  {one}"), .. fitted.Notes.Select(note => $"note:   {note}")], fitted.Problems) { Places = imported.Places };
    }

    /// <summary>From a file, whose kind is given or recognised.</summary>
    public static Outcome<Import> Read(byte[] content, string path, ImportKind? given, string? name, string? account)
    {
        var (file, folder) = (Path.GetFileName(path), Path.GetDirectoryName(path)!);
        return ImportSource.Decode(content, file).Then(text => (given ?? ImportSource.Recognise(text)) switch
        {
            null => Unknown(file),
            ImportKind.Holdfast => SpecFile.ReadDefinition(text, file).Then<Import>(read => Ours(read, folder, name, account)),
            { } kind => ImportSource.Read(kind, text, file, folder).Then<Import>(imported => Of(imported, WordOf(kind), folder, name, account)),
        });
    }

    private static Import Ours(InstalledDefinition read, string folder, string? name, string? account)
    {
        var spec = read.Spec with { Name = name ?? read.Spec.Name, User = account is null ? read.Spec.User : new(account) };
        // A package's words for the SCM; of an installed service it is told by what stands below install.
        var idle = spec.Windows is { StartType: not NativeStartType.Automatic } or { Dependencies.Count: > 0 };
        return new(read with { Spec = spec }, null, "holdfast", folder, idle ? ["note:   windows.startType and windows.dependencies mean nothing here: write install.start and install.depends"] : [], []);
    }

    public static string WordOf(ImportKind kind) => kind.ToString().ToLowerInvariant();

    private static Problem Unknown(string file) => new(ProblemKind.BadInput, "import.unknown", $"{file} is nothing that can be imported")
    {
        Why = "it is no XML of WinSW's, no export of Servy's, no registry export of NSSM's and no definition of ours",
        Mend = "say what it is: --from nssm|winsw|servy|holdfast",
    };
}
