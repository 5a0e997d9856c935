using System.Text.Json;
using System.Text.Json.Serialization;
using Holdfast.Core.Leadership;
using Holdfast.Core.Problems;
using Holdfast.Platform;

namespace Holdfast.Node.Clusters;

/// <summary>To which cluster a node belongs, and how it finds it: the file <c>cluster.json</c> of its home. A home without one is a node by itself.</summary>
public sealed record ClusterFile
{
    public const string V1 = "holdfast/v1";

    public string ApiVersion { get; init; } = V1;

    /// <summary>The cluster's.</summary>
    public required string Name { get; init; }

    /// <summary>This node's name: the one in its certificate.</summary>
    public required string Node { get; init; }

    /// <summary>Where the members of etcd answer their clients: <c>https://host:2379</c>.</summary>
    public required IReadOnlyList<string> Etcd { get; init; }

    /// <summary>The length of this node's lease in whole seconds.</summary>
    public int LeaseSeconds { get; init; } = (int)LeaseTerms.Default.TotalSeconds;

    /// <summary>The device by which the kernel resets this machine where what leads here is not killed in time, as <c>/dev/watchdog</c>; null: none. A node whose watchdog cannot be armed leads nothing.</summary>
    public string? Watchdog { get; init; }

    /// <summary>What other nodes call, host:port; empty: the address that the agent listens at.</summary>
    public string Address { get; init; } = "";

    /// <summary>For people and placement: <c>zone: a</c>.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Key and certificate (PEM) that are shown to etcd, as they came with the joining; where the home has files of its own for that, those are shown.</summary>
    public string? EtcdIdentity { get; init; }

    /// <summary>Whose certificates etcd's members may have, PEM.</summary>
    public string? EtcdRoots { get; init; }

    /// <summary>The member of etcd that this node runs; null: it runs none.</summary>
    public EtcdMemberFile? Member { get; init; }

    public static string PathIn(Home home) => Path.Combine(home.Path, "cluster.json");

    public static bool IsIn(Home home) => File.Exists(PathIn(home));

    /// <summary>Null: there is none.</summary>
    public static Outcome<ClusterFile?> Read(Home home) => ReadFrom(PathIn(home));

    internal static Outcome<ClusterFile?> ReadFrom(string path)
    {
        try
        {
            return Parse(File.ReadAllBytes(path), path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Outcome.Of<ClusterFile?>(null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Bad(path, e.Message);
        }
    }

    /// <param name="text">Of a document.</param>
    /// <param name="source">Where it is from, for messages.</param>
    public static Outcome<ClusterFile?> Parse(ReadOnlySpan<byte> text, string source)
    {
        try
        {
            var read = JsonSerializer.Deserialize(text, ClusterJson.Default.ClusterFile);
            return read is { ApiVersion: V1 } ? read : Bad(source, $"its apiVersion is not {V1}");
        }
        catch (JsonException e)
        {
            return Bad(source, e.Message);
        }
    }

    /// <summary>As <see cref="Read"/>, where there must be one. Problems: <c>cluster.none</c>.</summary>
    public static Outcome<ClusterFile> Need(Home home) => Read(home).Then(read => read is { } cluster ? Outcome.Of(cluster) : None(home));

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, ClusterJson.Default.ClusterFile);

    /// <summary>Written, synced and renamed; readable by its owner alone.</summary>
    public Outcome<Done> Write(Home home) => DurableFile.Write(PathIn(home), ToBytes());

    private static Problem None(Home home) => new(ProblemKind.NotFound, "cluster.none", $"The node in {home.Path} belongs to no cluster.")
    {
        Mend = "begin one with `holdfast cluster init`, or join one; after a loss, begin one of the same name and restore its store into that",
    };

    private static Problem Bad(string path, string why) => new(ProblemKind.Damaged, "cluster.file", $"{path} cannot be read.")
    {
        Why = why,
        Mend = "take it from a backup, or join the cluster anew with `holdfast cluster join`",
    };
}

/// <summary>A member of etcd that an agent runs.</summary>
/// <param name="Name">Among the members.</param>
/// <param name="ClientAddress">Where it answers clients, host:port.</param>
/// <param name="PeerAddress">Where it answers other members, host:port.</param>
/// <param name="Peers">All members as etcd's <c>--initial-cluster</c> names them: name to peer URL.</param>
/// <param name="IsNew">The cluster begins with it; else it joins one that is there.</param>
/// <param name="Executable">etcd's, absolute; its digest is pinned by the trust policy.</param>
public sealed record EtcdMemberFile(
    string Name, string ClientAddress, string PeerAddress, IReadOnlyDictionary<string, string> Peers, bool IsNew, string Executable);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip)]
[JsonSerializable(typeof(ClusterFile))]
[JsonSerializable(typeof(SeenStoreFile))]
[JsonSerializable(typeof(PromiseFile))]
internal sealed partial class ClusterJson : JsonSerializerContext;
