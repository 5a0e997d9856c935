using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Google.Protobuf;
using Holdfast.Core.Problems;

namespace Holdfast.Storage.Etcd;

/// <summary>The document in the etcd that says which cluster lives there. The store's own word for itself, readable with etcdctl.</summary>
internal sealed partial record EtcdIdentity(StoreIdentity Store, ulong Etcd)
{
    private const string ApiVersion = "holdfast/v1";
    private const string Kind = "Store";

    public ByteString ToBytes() => ByteString.CopyFrom(JsonSerializer.SerializeToUtf8Bytes(
        new Document(ApiVersion, Kind, Store.ClusterId, Store.Incarnation, Etcd.ToString("x", CultureInfo.InvariantCulture)), Json.Default.Document));

    public static Outcome<EtcdIdentity> Read(ByteString bytes, string key)
    {
        try
        {
            var document = JsonSerializer.Deserialize(bytes.Span, Json.Default.Document);
            if (document is { ApiVersion: ApiVersion, Kind: Kind, Id.Length: > 0, Incarnation: > 0 }
                && ulong.TryParse(document.EtcdCluster, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var etcd))
                return new EtcdIdentity(new StoreIdentity(document.Id, document.Incarnation), etcd);
            return Foreign(key, $"it is {document?.Kind ?? "nothing"} of {document?.ApiVersion ?? "nobody"}");
        }
        catch (JsonException e)
        {
            return Foreign(key, e.Message);
        }
    }

    private static Problem Foreign(string key, string why) => new(
        ProblemKind.Damaged, "store.foreign", $"What the etcd holds under {key} is not the identity of a store of Holdfast.")
    {
        Why = why,
        Mend = "run the version of Holdfast that wrote it, or a later one; if another program wrote there, restore a backup",
    };

    private sealed record Document(string ApiVersion, string Kind, string Id, long Incarnation, string EtcdCluster);

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
    [JsonSerializable(typeof(Document))]
    private sealed partial class Json : JsonSerializerContext;
}
