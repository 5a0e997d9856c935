using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Zip;

namespace Holdfast.Packaging.Layout;

/// <summary>What must hold for the files of a manifest, whoever wrote it: the packer asks before it signs, the reader before it trusts.</summary>
internal static class ManifestRules
{
    /// <summary>Problems told of one package; a hostile manifest could make thousands.</summary>
    private const int MaxProblems = 20;
    private const int MaxVersionLength = 128;

    public static List<Problem> Check(PackageManifest manifest) => [.. Problems(manifest).Take(MaxProblems)];

    private static IEnumerable<Problem> Problems(PackageManifest manifest)
    {
        if (!IsName(manifest.Name)) yield return Refuse("package.name", $"'{ZipProblems.Shown(manifest.Name)}' is no name of a service", "1 to 63 lower-case letters, digits and hyphens, a letter first, no hyphen last");
        if (!IsVersion(manifest.Version)) yield return Refuse("package.version-form", $"'{ZipProblems.Shown(manifest.Version)}' is no version", "1 to 128 letters, digits and the characters . _ + - ~, a letter or digit first");
        Dictionary<string, long> sizes = new(StringComparer.Ordinal) { [manifest.Spec.Digest] = manifest.Spec.Size };
        string? previous = null;
        foreach (var file in manifest.Files)
        {
            if (PackagePath.WhyBad(file.Path) is { } why) yield return Refuse("package.path", $"the path '{ZipProblems.Shown(file.Path)}' is not allowed in a package", why);
            if (previous is not null && string.CompareOrdinal(previous, file.Path) >= 0)
                yield return previous == file.Path
                    ? Refuse("package.duplicate-path", $"the path '{ZipProblems.Shown(file.Path)}' is there twice", "which one counts would be a guess")
                    : Refuse("package.not-canonical", $"the path '{ZipProblems.Shown(file.Path)}' is not in its place", "files are sorted by path");
            if (file.Mode != FileModes.For(file.Access, executable: false) && file.Mode != FileModes.For(file.Access, executable: true))
                yield return Refuse("package.mode", $"'{ZipProblems.Shown(file.Path)}' has the mode '{ZipProblems.Shown(file.Mode)}'", $"{file.Access} files have {FileModes.For(file.Access, false)} or {FileModes.For(file.Access, true)}");
            if (!sizes.TryAdd(file.Digest, file.Size) && sizes[file.Digest] != file.Size)
                yield return Refuse("package.size-lies", $"'{ZipProblems.Shown(file.Path)}' has the digest of another file, but another size", null);
            previous = file.Path;
        }

        foreach (var (path, with) in PathCollisions.Find(manifest.Files.Select(f => f.Path).Distinct(StringComparer.Ordinal)))
            yield return Refuse("package.path-collision", $"'{ZipProblems.Shown(path)}' and '{ZipProblems.Shown(with)}' would be one on Windows", "names must differ in more than their case, and a name is a file or a folder");
    }

    internal static bool IsVersion(string version) => version.Length is > 0 and <= MaxVersionLength
        && char.IsAsciiLetterOrDigit(version[0])
        && version.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '+' or '-' or '~');

    private static bool IsName(string name) => name.Length is > 0 and <= 63 && char.IsAsciiLetterLower(name[0]) && name[^1] != '-'
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    private static Problem Refuse(string rule, string what, string? why) => new(ProblemKind.Refused, rule, what) { Why = why };
}
