namespace Holdfast.Segments.Tests;

/// <summary>A folder of its own for one test, gone afterwards.</summary>
internal sealed class TestFolder : IDisposable
{
    public TestFolder() => Root = Directory.CreateTempSubdirectory("holdfast-segments-").FullName;

    public string Root { get; }

    public string Path => System.IO.Path.Combine(Root, "output");

    public string[] Segments => Directory.Exists(Path) ? [.. Directory.GetFiles(Path, "*.seg").Order(StringComparer.Ordinal)] : [];

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
