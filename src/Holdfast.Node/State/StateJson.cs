using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Holdfast.Core.Operations;
using Holdfast.Core.Services;
using Holdfast.Node.Clusters;
using Holdfast.Storage;
using Operation = Holdfast.Core.Operations.Operation;

namespace Holdfast.Node.State;

/// <summary>A document in the store: readable with etcdctl, and it says which version of its form it has.</summary>
/// <param name="ApiVersion">Always <c>holdfast/v1</c> here.</param>
internal sealed record Document<T>(string ApiVersion, T Value)
{
    public const string V1 = "holdfast/v1";

    public static Document<T> Of(T value) => new(V1, value);
}

/// <summary>The node as others see it: the document <c>nodes/NAME</c>.</summary>
internal sealed record NodeRecord(string Name, string Version, string OperatingSystem, DateTimeOffset AgentStartedAt)
{
    /// <summary>Where other nodes call it, host:port; empty: nowhere.</summary>
    public string Address { get; init => field = value ?? ""; } = "";

    public IReadOnlyDictionary<string, string> Labels { get; init => field = value ?? new Dictionary<string, string>(); } = new Dictionary<string, string>();

    /// <summary>The member of the cluster's etcd that it runs, by name; empty: none.</summary>
    public string EtcdMember { get; init => field = value ?? ""; } = "";

    public int Processors { get; init; }

    public long MemoryBytes { get; init; }

    /// <summary>Null: it has none that resets the machine.</summary>
    public NodeWatchdog? Watchdog { get; init; }
}

/// <summary>A node's watchdog, as others see it.</summary>
/// <param name="Ready">It could be armed when it was tried last.</param>
/// <param name="Why">Why it cannot be had: the node leads nothing then. Empty: it can, or was not tried yet.</param>
internal sealed record NodeWatchdog(string Device, bool Ready, string Why)
{
    public string Why { get; init => field = value ?? ""; } = Why ?? "";
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Document<ServiceRecord>))]
[JsonSerializable(typeof(Document<ReleaseRecord>))]
[JsonSerializable(typeof(Document<Operation>))]
[JsonSerializable(typeof(Document<NodeRecord>))]
[JsonSerializable(typeof(Document<NodeOrder>))]
[JsonSerializable(typeof(Document<Presence>))]
[JsonSerializable(typeof(Document<InstanceReport>))]
[JsonSerializable(typeof(Document<PlacementDocument>))]
[JsonSerializable(typeof(Document<LeaderDocument>))]
[JsonSerializable(typeof(Document<EpochDocument>))]
[JsonSerializable(typeof(Document<EpochAct>))]
[JsonSerializable(typeof(Document<MoveDocument>))]
[JsonSerializable(typeof(Document<PlannedMove>))]
[JsonSerializable(typeof(Document<PauseDocument>))]
[JsonSerializable(typeof(Document<FloorDocument>))]
[JsonSerializable(typeof(Document<FenceDocument>))]
[JsonSerializable(typeof(Document<RevocationsDocument>))]
[JsonSerializable(typeof(PlacementSpec))]
internal sealed partial class StateJson : JsonSerializerContext
{
    /// <summary>A value's document, as it is in the store.</summary>
    public static Bytes Write<T>(T value, JsonTypeInfo<Document<T>> type) => new(JsonSerializer.SerializeToUtf8Bytes(Document<T>.Of(value), type));
}
