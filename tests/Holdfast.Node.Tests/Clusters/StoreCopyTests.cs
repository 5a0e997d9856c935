using Holdfast.Node.Clusters;
using Holdfast.Storage;

namespace Holdfast.Node.Tests.Clusters;

/// <summary>Which changes make one store's keys those of another, and in which pieces.</summary>
public sealed class StoreCopyTests
{
    [Fact]
    public void Only_what_differs_is_changed()
    {
        var wanted = new Dictionary<Bytes, Bytes> { ["/a"] = "1", ["/b"] = "2", ["/c"] = "3" };
        var found = new Dictionary<Bytes, Bytes> { ["/b"] = "2", ["/c"] = "old", ["/d"] = "4" };
        Operation[] expected = [new Operation.Put("/a", "1"), new Operation.Put("/c", "3"), new Operation.Delete("/d")];
        Assert.Equal(expected, StoreCopy.Differences(wanted, found));
        Assert.Empty(StoreCopy.Differences(wanted, wanted));
    }

    [Fact]
    public void No_piece_is_larger_than_a_transaction()
    {
        var steps = Enumerable.Range(0, 500).Select(i => new Operation.Put($"/{i}", new Bytes(new byte[i % 7 == 0 ? 300_000 : 10]))).ToList();
        var batches = StoreCopy.Batches(steps).ToList();
        Assert.Equal(steps, batches.SelectMany(b => b).Cast<Operation.Put>());
        Assert.All(batches, b => Assert.InRange(b.Count, 1, StoreLimits.Steps));
        Assert.All(batches, b => Assert.InRange(b.Cast<Operation.Put>().Sum(p => p.Key.Length + p.Value.Length), 1, StoreLimits.TransactionBytes));
        Assert.InRange(batches.Count, 22, 40);
    }
}
