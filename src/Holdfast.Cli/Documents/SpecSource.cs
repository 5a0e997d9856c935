using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Packaging.Documents;

namespace Holdfast.Cli.Documents;

/// <summary>A spec file and what it means.</summary>
/// <param name="Folder">What its paths are relative to.</param>
/// <param name="Name">As the user named it, for messages.</param>
/// <param name="Bytes">Its content.</param>
/// <param name="Spec">What it means.</param>
internal sealed record SpecSource(string Folder, string Name, byte[] Bytes, ServiceSpec Spec)
{
    /// <summary>Reads the spec at a path: a file, or the <c>holdfast.yaml</c> of a folder; with values laid over it, if there are.</summary>
    public static Outcome<SpecSource> Read(CliContext cli, string given, string? valuesFile)
    {
        var path = cli.PathOf(given);
        var name = given;
        if (Directory.Exists(path))
        {
            path = Path.Combine(path, SpecWords.FileName);
            name = given is "." ? SpecWords.FileName : Path.Combine(given, SpecWords.FileName);
        }

        if (!File.Exists(path))
            return new Problem(ProblemKind.NotFound, "spec.no-file", $"There is no {name}") { Mend = "`holdfast init NAME` writes one to begin with" };
        var bytes = File.ReadAllBytes(path);
        var values = valuesFile is null ? null : File.ReadAllText(cli.PathOf(valuesFile));
        return SpecFile.Read(System.Text.Encoding.UTF8.GetString(bytes), name, values, valuesFile)
            .Then(spec => Outcome.Of(new SpecSource(Path.GetDirectoryName(path)!, name, bytes, spec)));
    }
}
