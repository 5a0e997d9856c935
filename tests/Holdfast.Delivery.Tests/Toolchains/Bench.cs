using Holdfast.Core.Problems;
using Holdfast.Delivery.Toolchains;
using Holdfast.Platform.Toolchains;

namespace Holdfast.Delivery.Tests.Toolchains;

/// <summary>A folder of the test's own, with a store of toolchains in it.</summary>
internal sealed class Bench : IDisposable
{
    public static string Platform { get; } = $"{GoPlaces.OperatingSystemName}/{GoPlaces.ArchitectureName}";

    public string Folder { get; } = Directory.CreateTempSubdirectory("holdfast-toolchains-").FullName;

    public ToolchainFolder Toolchains => new(Path.Combine(Folder, "toolchains"));

    public ToolchainStore Store(IToolchainDisk? disk = null) => new(Toolchains, disk ?? new ToolchainDisk(), TimeProvider.System);

    public async Task<Outcome<InstalledToolchain>> InstallAsync(string mirror, MadeArchive archive, IToolchainDisk? disk = null)
    {
        using var opened = Mirror.Open(mirror, Folder, isPinned: false).Value;
        return await Store(disk).InstallAsync(opened, archive.Listed, Platform, _ => { }, CancellationToken.None);
    }

    /// <summary>The archives in a folder, with their list.</summary>
    public string FolderMirror(params MadeArchive[] archives)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, "mirror")).FullName;
        File.WriteAllBytes(Path.Combine(folder, "index.json"), MadeArchive.List(archives));
        foreach (var archive in archives) File.WriteAllBytes(Path.Combine(folder, archive.FileName), archive.Bytes);
        return folder;
    }

    /// <summary>What is in the store and was not finished.</summary>
    public IReadOnlyList<string> LeftOver() =>
        [.. new[] { Toolchains.Store, Toolchains.Downloads }.Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFileSystemEntries(folder))
            .Select(path => Path.GetFileName(path))
            .Where(name => !(name.StartsWith("sha256-", StringComparison.Ordinal) && !name.Contains('.', StringComparison.Ordinal)))];

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
