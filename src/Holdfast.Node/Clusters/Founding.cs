using System.Text.Json;
using System.Text.Json.Serialization;
using Holdfast.Core.Problems;
using Holdfast.Node.State;
using Holdfast.Platform;
using Holdfast.Storage;
using Holdfast.Storage.Etcd;
using Holdfast.Storage.Sqlite;

namespace Holdfast.Node.Clusters;

/// <summary>
/// The making of a cluster's store, from the moment at which it is decided until it is there and has what it is to have: the file <c>cluster-founding.json</c>. The store's
/// identity is chosen first and written down, so that whoever goes on after a crash knows the store as its own.
/// </summary>
/// <param name="Cluster">The cluster's name.</param>
/// <param name="Copies">The one-node store of this home goes into it.</param>
internal sealed record Founding(string Cluster, string StoreId, long Incarnation, bool Copies)
{
    [JsonIgnore]
    public StoreIdentity Store => new(StoreId, Incarnation);

    public static string PathIn(Home home) => Path.Combine(home.Path, "cluster-founding.json");

    /// <summary>Null: none is under way.</summary>
    public static Outcome<Founding?> Read(Home home)
    {
        var path = PathIn(home);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), FoundingJson.Default.Founding) : Outcome.Of<Founding?>(null);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return new Problem(ProblemKind.Damaged, "cluster.founding", $"{path} cannot be read.") { Why = e.Message, Mend = "if `holdfast cluster init` or `store migrate` was interrupted, remove it and choose another name for the cluster" };
        }
    }

    public Outcome<Done> Write(Home home) => DurableFile.Write(PathIn(home), JsonSerializer.SerializeToUtf8Bytes(this, FoundingJson.Default.Founding));

    /// <summary>
    /// Does what is left to do: makes the store, copies into it, compares. Again after a crash it goes on. Problems: those of making a store in etcd,
    /// of the one-node store, and <c>cluster.copy</c>.
    /// </summary>
    public async Task<Outcome<Done>> FinishAsync(Home home, EtcdOptions options, TimeProvider time, CancellationToken cancel)
    {
        var made = await EtcdStore.CreateAsync(options, Store, time, cancel);
        if (!made.TryGet(out var store)) return Outcome.Failed<Done>(made.Problems);
        await using (store)
        {
            var copied = Copies ? await CopyAsync(home, store, time, cancel) : Outcome.Done;
            return copied.Then(_ => new SeenStore(home).Write(new(Store, 0)));
        }
    }

    /// <summary>It is over: the cluster's store is what this home goes by, and the one-node store is put aside.</summary>
    public static Outcome<Done> End(Home home) => FormerStore.PutAside(home).Then(_ => DurableFile.Delete(PathIn(home)));

    private static async Task<Outcome<Done>> CopyAsync(Home home, EtcdStore store, TimeProvider time, CancellationToken cancel)
    {
        var opened = SqliteStore.Open(home.Store, new() { SyncFolder = DurableFolder.Sync }, time);
        if (!opened.TryGet(out var former)) return Outcome.Failed<Done>(opened.Problems);
        await using (former) return await StoreCopy.RunAsync(former, store, KeyRange.Prefix(StateKeys.Root), time, cancel);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(Founding))]
internal sealed partial class FoundingJson : JsonSerializerContext;
