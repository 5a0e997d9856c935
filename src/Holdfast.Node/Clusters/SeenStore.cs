using System.Text.Json;
using Holdfast.Core.Problems;
using Holdfast.Platform;
using Holdfast.Storage;

namespace Holdfast.Node.Clusters;

/// <summary>What a node last saw of its cluster's store, in the file <c>store-seen.json</c>: a store that is exchanged or put back behind its back is known by it.</summary>
internal sealed class SeenStore(Home home)
{
    private string File => Path.Combine(home.Path, "store-seen.json");

    /// <summary>Null: it has seen none.</summary>
    public Outcome<StoreMoment?> Read()
    {
        try
        {
            var read = JsonSerializer.Deserialize(System.IO.File.ReadAllBytes(File), ClusterJson.Default.SeenStoreFile);
            return read is null ? Bad("it is empty") : new StoreMoment(new(read.ClusterId, read.Incarnation), read.Revision);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Outcome.Of<StoreMoment?>(null);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return Bad(e.Message);
        }
    }

    public Outcome<Done> Write(StoreMoment seen) => DurableFile.Write(
        File, JsonSerializer.SerializeToUtf8Bytes(new SeenStoreFile(seen.Identity.ClusterId, seen.Identity.Incarnation, seen.Revision), ClusterJson.Default.SeenStoreFile));

    private Problem Bad(string why) => new(ProblemKind.Damaged, "store.seen", $"{File} cannot be read.")
    {
        Why = why,
        Mend = "when `holdfast cluster check` on another node finds nothing wrong with the store, remove the file",
    };
}

/// <summary>The form of <c>store-seen.json</c>.</summary>
internal sealed record SeenStoreFile(string ClusterId, long Incarnation, long Revision);
