using Holdfast.Core.Access;
using Holdfast.Core.Operations;
using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Shipping;
using Holdfast.Core.Sources;
using Holdfast.Node.Access;
using Holdfast.Node.Packages;
using Holdfast.Platform;
using Holdfast.Telemetry.Sources.Files;

namespace Holdfast.Node.Sources;

/// <summary>What is read of one instance: where its files are, where their lines go, and what must not reach the disk.</summary>
/// <param name="Instance">Whose files they are.</param>
/// <param name="Service">Its service.</param>
/// <param name="Spec">Of its release.</param>
/// <param name="PackageDigest">Of its release.</param>
internal sealed record FollowedService(string Instance, string Service, ServiceSpec Spec, string PackageDigest)
{
    public static FollowedService Of(ServiceRecord service, ReleaseRecord release, ServiceSpec spec) => new(service.Instance, service.Name, spec, release.PackageDigest);

    public static string FolderOf(Home home, string instance) => Path.Combine(home.Output, instance + EventStream.FilesEnding);

    /// <summary>Where its files are.</summary>
    public ServiceFiles Files(Home home)
    {
        var data = Path.Combine(home.Instances, Instance);
        string? Value(string name) => name switch
        {
            "service" => Service,
            "instance" => Instance,
            "folders.data" => data,
            _ => null,
        };
        return new([.. Spec.Output.Files.Select(file => SourcePattern.Of(Expansion.Expand(file.Path, Value), data, file.Encoding))]);
    }

    /// <summary>Makes a folder of segments, with the rights that its output has.</summary>
    public Outcome<Done> Prepare(string folder) => NamedGroups.Find(Spec.Access).Then(groups =>
        FolderRights.Ensure(folder, AreaRights.Of(Areas.Output, null, NamedGroups.In(Areas.Output, groups))));

    /// <summary>The settings, or why nothing may be read: what cannot be looked for cannot be kept from the disk (law 10).</summary>
    /// <param name="packages">Where the package's own secrets are.</param>
    /// <param name="earlier">Values of before: lines with them may still stand in the files.</param>
    public Outcome<FollowSettings> Settings(PackageStore packages, HashSet<string> earlier)
    {
        try
        {
            foreach (var source in Spec.Secrets.Values) Add(earlier, File.ReadAllText(source));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Problem(ProblemKind.Failed, "files.secrets", $"its files are not read, as a secret that must not reach the disk cannot be: {e.Message}");
        }

        return packages.Find(PackageDigest).Then(package =>
        {
            try
            {
                foreach (var file in package.Record.Files.Where(file => file.Access == AccessClass.Secret))
                    Add(earlier, File.ReadAllText(Path.Combine(package.FilesFolder, file.Path.Replace('/', Path.DirectorySeparatorChar))));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return new Problem(ProblemKind.Failed, "files.secrets", $"its files are not read, as a secret of its package cannot be: {e.Message}");
            }

            return FollowSettings.From(Spec.Output, earlier);
        });
    }

    private static void Add(HashSet<string> values, string content)
    {
        var value = content.Trim('\r', '\n');
        if (value.Length > 0) values.Add(value);
    }
}
