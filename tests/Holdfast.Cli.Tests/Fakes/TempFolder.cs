namespace Holdfast.Cli.Tests.Fakes;

/// <summary>A folder of the test's own, gone with it.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("holdfast-cli-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
