using System.Text.Json.Serialization.Metadata;
using Holdfast.Node.Clusters;
using Holdfast.Node.State;
using Holdfast.Storage;

namespace Holdfast.Node.Tests.Clusters;

/// <summary>An image of a store that a test writes document by document, without a store.</summary>
internal sealed class TestImage
{
    public ClusterImage Now { get; private set; } = ClusterImage.Empty;

    public void Put<T>(string key, T value, JsonTypeInfo<Document<T>> type) => Take(new(ChangeKind.Put, new(key, StateJson.Write(value, type), 1, Now.Revision + 1, 1, 0)));

    public void Delete(string key) => Take(new(ChangeKind.Delete, new(key, default, 0, Now.Revision + 1, 0, 0)));

    private void Take(Change change) => Now = Now.With(Now.Revision + 1, [change]);
}
