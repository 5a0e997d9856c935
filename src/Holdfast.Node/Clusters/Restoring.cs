using System.Text.Json;
using System.Text.Json.Serialization;
using Holdfast.Core.Problems;
using Holdfast.Platform;
using Holdfast.Storage;
using Holdfast.Storage.Etcd;

namespace Holdfast.Node.Clusters;

/// <summary>A restoring of the cluster's store that has given etcd its data, and whose store was not opened since: the file <c>cluster-restored.json</c>.</summary>
/// <param name="WasId">The store of the backup.</param>
/// <param name="BecomesId">Chosen for this restoring.</param>
/// <param name="RestoredAt">What no epoch of before can be above.</param>
internal sealed record Restoring(string WasId, long WasIncarnation, string BecomesId, long BecomesIncarnation, DateTimeOffset RestoredAt)
{
    private static string PathIn(Home home) => Path.Combine(home.Path, "cluster-restored.json");

    /// <summary>Null: none is left to finish.</summary>
    public static Outcome<Restoring?> Read(Home home)
    {
        var path = PathIn(home);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), RestoringJson.Default.Restoring) : Outcome.Of<Restoring?>(null);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return new Problem(ProblemKind.Damaged, "cluster.restoring", $"{path} cannot be read.") { Why = e.Message, Mend = "run `holdfast cluster restore` again" };
        }
    }

    public Outcome<Done> Write(Home home) => DurableFile.Write(PathIn(home), JsonSerializer.SerializeToUtf8Bytes(this, RestoringJson.Default.Restoring));

    /// <summary>
    /// Makes it another store, in which every epoch is above all that were given before. A leader of the former store may act until its lease is over, and the backup may not know
    /// it: so long nobody may lead by this one.
    /// </summary>
    public async Task<Outcome<Done>> FinishAsync(Home home, ClusterFile cluster, EtcdOptions options, TimeProvider time, CancellationToken cancel)
    {
        await Task.Delay(TimeSpan.FromSeconds(cluster.LeaseSeconds), time, cancel);
        var becomes = new StoreIdentity(BecomesId, BecomesIncarnation);
        var opened = await EtcdStore.OpenRestoredAsync(
            options, new(WasId, WasIncarnation), becomes, store => EpochRaising.RunAsync(store, RestoredAt, time, cancel), time, cancel);
        if (!opened.TryGet(out var store)) return Outcome.Failed<Done>(opened.Problems);
        await store.DisposeAsync();
        return new SeenStore(home).Write(new(becomes, 0)).Then(_ => DurableFile.Delete(PathIn(home)));
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(Restoring))]
internal sealed partial class RestoringJson : JsonSerializerContext;
