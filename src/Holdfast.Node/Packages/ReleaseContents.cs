using Holdfast.Core.NativeServices;
using Holdfast.Core.Operations;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Node.Planning;
using Holdfast.Packaging.Documents;

namespace Holdfast.Node.Packages;

/// <summary>What is in a release: the spec of its package under its values, and where its files lie.</summary>
internal sealed class ReleaseContents(PackageStore packages)
{
    /// <summary>More than any node has releases that are wanted; beyond it the memory is emptied and fills again.</summary>
    private const int Most = 10_000;

    // The same package and values are the same spec, for ever and for every release.
    private readonly Dictionary<(string Digest, string Values, string ValuesName), ServiceSpec> read = [];
    private readonly Lock gate = new();

    public Outcome<ServiceSpec> Spec(ReleaseRecord release)
    {
        var key = (release.PackageDigest, release.Values, release.ValuesName);
        lock (gate)
        {
            if (read.TryGetValue(key, out var known))
                return known;
        }

        var spec = Spec(release.PackageDigest, release.Values, release.ValuesName);
        if (spec.TryGet(out var value))
        {
            lock (gate)
            {
                if (read.Count >= Most)
                    read.Clear();
                read[key] = value;
            }
        }

        return spec;
    }

    /// <summary>The spec that a package and values would give; every problem of both at once.</summary>
    public Outcome<ServiceSpec> Spec(string digest, string values, string valuesName) => packages.Find(digest).Then(Text).Then(text => values.Length == 0
        ? SpecFile.Read(text, "holdfast.yaml")
        : SpecFile.Read(text, "holdfast.yaml", values, valuesName.Length == 0 ? "values.yaml" : valuesName))
        .Then<ServiceSpec>(spec => NativeHosting.On(spec, OperatingSystem.IsWindows()));

    public Outcome<ReleaseFolders> Folders(string digest) =>
        packages.Find(digest).Then(package => Outcome.Of(new ReleaseFolders(package.FilesFolder, package.RecordFile)));

    private static Outcome<string> Text(AdmittedPackage package)
    {
        try
        {
            return File.ReadAllText(package.SpecFile);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new Problem(ProblemKind.Damaged, "package.spec-unreadable", $"The spec of the package {package.Digest} cannot be read.")
            {
                Why = error.Message,
                Mend = "push the package again",
            };
        }
    }
}
