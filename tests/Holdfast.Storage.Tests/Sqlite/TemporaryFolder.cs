using Holdfast.Platform;
using Holdfast.Storage.Sqlite;

namespace Holdfast.Storage.Tests.Sqlite;

/// <summary>A folder for one test, gone with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("holdfast-store-").FullName;

    public string Store => In("store.db");

    public static SqliteOptions Options { get; } = new() { SyncFolder = DurableFolder.Sync };

    public string In(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
