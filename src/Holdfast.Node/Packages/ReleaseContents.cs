using Holdfast.Core.Operations;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Node.Planning;
using Holdfast.Packaging.Documents;

namespace Holdfast.Node.Packages;

/// <summary>What is in a release: the spec of its package under its values, and where its files lie.</summary>
internal sealed class ReleaseContents(PackageStore packages)
{
    // A release is immutable, so what was read once stays true as long as its package is here.
    private readonly Dictionary<(string Service, int Number, string Digest), ServiceSpec> read = [];
    private readonly Lock gate = new();

    public Outcome<ServiceSpec> Spec(ReleaseRecord release)
    {
        var key = (release.Service, release.Number, release.PackageDigest);
        lock (gate)
        {
            if (read.TryGetValue(key, out var known))
                return known;
        }

        var spec = Spec(release.PackageDigest, release.Values, release.ValuesName);
        if (spec.TryGet(out var value))
        {
            lock (gate)
                read[key] = value;
        }

        return spec;
    }

    /// <summary>The spec that a package and values would give; every problem of both at once.</summary>
    public Outcome<ServiceSpec> Spec(string digest, string values, string valuesName) => packages.Find(digest).Then(package =>
    {
        var text = File.ReadAllText(package.SpecFile);
        return values.Length == 0
            ? SpecFile.Read(text, "holdfast.yaml")
            : SpecFile.Read(text, "holdfast.yaml", values, valuesName.Length == 0 ? "values.yaml" : valuesName);
    });

    public Outcome<ReleaseFolders> Folders(string digest) =>
        packages.Find(digest).Then(package => Outcome.Of(new ReleaseFolders(package.FilesFolder, package.RecordFile)));

    /// <summary>Forgets what was read of a service that is gone: its numbers begin anew.</summary>
    public void Forget(string service)
    {
        lock (gate)
        {
            foreach (var key in read.Keys.Where(key => key.Service == service).ToList())
                read.Remove(key);
        }
    }
}
