using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Holdfast.Core.Problems;
using Holdfast.Node.Clusters;
using Holdfast.Node.Hosting;
using Holdfast.Node.Operations;
using Holdfast.Node.State;
using Holdfast.Platform;
using Holdfast.Storage.Etcd;
using Holdfast.Storage.Sqlite;

namespace Holdfast.Node.Upgrading;

/// <summary>What a new agent says after it has read the node's store and the end of its record of changes.</summary>
/// <param name="Version">Of the build that says it.</param>
/// <param name="Digest">SHA-256 of the copy as it was read, in hexadecimal; in a cluster, of what is kept in the store.</param>
/// <param name="Services">How many it found in it.</param>
/// <param name="Problem">Why it cannot go on with them; null: it can.</param>
public sealed record AgentProof(string Version, string Digest, int Services, string? Problem = null)
{
    /// <summary>Reads everything that an agent reads at its start, and changes nothing of the node.</summary>
    /// <param name="copy">A backup of the store, in a folder of its own: it is worked on there.</param>
    public static async Task<AgentProof> MakeAsync(Home home, string copy, TimeProvider time, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(home);
        var digest = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(copy, cancel)));
        var proof = new AgentProof(Agent.Version, digest, 0);
        var work = copy + ".work";
        var options = new SqliteOptions { SyncFolder = DurableFolder.Sync };
        var opened = SqliteBackup.Restore(copy, work, options).Then(_ => SqliteStore.Open(work, options, time));
        if (!opened.TryGet(out var store))
            return proof with { Problem = Words(opened.Problems) };
        await using (store)
        {
            var listed = await new ServiceCatalog(store, time).ListAsync(cancel);
            if (!listed.TryGet(out var listing))
                return proof with { Problem = Words(listed.Problems) };
            if (listing.Damaged.Count > 0)
                return proof with { Problem = Words(listing.Damaged) };
            _ = AuditTrail.Read(home.Audit);
            return proof with { Services = listing.Services.Count };
        }
    }

    /// <summary>The same in a cluster, whose store is read where it is, with this node's own access; nothing is written to it.</summary>
    /// <param name="revision">As of then; the agent that runs has read the same.</param>
    public static async Task<AgentProof> MakeInClusterAsync(Home home, long revision, TimeProvider time, CancellationToken cancel)
    {
        var proof = new AgentProof(Agent.Version, "", 0);
        var options = ClusterFile.Need(home).Then(cluster => ClusterStore.Options(home, cluster));
        if (!options.TryGet(out var how))
            return proof with { Problem = Words(options.Problems) };
        var opened = await EtcdStore.OpenAsync(how, null, time, cancel);
        if (!opened.TryGet(out var store))
            return proof with { Problem = Words(opened.Problems) };
        await using (store)
        {
            var read = await StoreReading.ReadAsync(store, revision, cancel);
            if (!read.TryGet(out var reading))
                return proof with { Problem = Words(read.Problems) };
            IReadOnlyList<Problem> damaged = [.. reading.Image.Damaged];
            if (damaged.Count > 0)
                return proof with { Problem = Words(damaged) };
            _ = AuditTrail.Read(home.Audit);
            return proof with { Digest = reading.Digest, Services = reading.Image.Services.Documents.Count };
        }
    }

    private static string Words(IReadOnlyList<Problem> problems) => string.Join("; ", problems.Take(3));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AgentProof))]
public sealed partial class AgentProofJson : JsonSerializerContext;
