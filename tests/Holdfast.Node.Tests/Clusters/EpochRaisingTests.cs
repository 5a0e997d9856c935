using System.Text.Json.Nodes;
using Holdfast.Core.Leadership;
using Holdfast.Node.Clusters;
using Holdfast.Node.State;
using Holdfast.Packaging.Tests.Kit;
using Holdfast.Platform;
using Holdfast.Storage;
using Holdfast.Storage.Sqlite;

namespace Holdfast.Node.Tests.Clusters;

/// <summary>In a restored store every epoch begins above all that were given.</summary>
public sealed class EpochRaisingTests : IAsyncLifetime
{
    private static readonly DateTimeOffset now = new(2026, 11, 27, 0, 0, 0, TimeSpan.Zero);

    private readonly TempFolder folder = new();
    private SqliteStore store = null!;

    public Task InitializeAsync()
    {
        store = SqliteStore.Create(folder["store.db"], new() { SyncFolder = DurableFolder.Sync }, TimeProvider.System).Value;
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await store.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Every_document_is_raised_and_keeps_whatever_else_is_in_it()
    {
        const int services = 250;
        for (var i = 0; i < services; i++) await PutAsync(StateKeys.Epochs + $"s{i:D3}", $$$"""{"apiVersion":"holdfast/v1","value":{"epoch":{{{i}}},"node":"a","later":[1]}}""");
        Assert.True((await EpochRaising.RunAsync(store, now, TimeProvider.System, default)).IsOk);
        var raised = (await store.RangeAsync(new(KeyRange.Prefix(StateKeys.Epochs)), default)).Value.Items;
        Assert.Equal(services, raised.Count);
        Assert.All(raised, item =>
        {
            var value = JsonNode.Parse(item.Value.ToString())!["value"]!;
            Assert.Equal((now.ToUnixTimeSeconds(), "a", "[1]"), ((long)value["epoch"]!, (string)value["node"]!, value["later"]!.ToJsonString()));
        });
        Assert.Equal(now.ToUnixTimeSeconds(), await EpochAsync(StateKeys.EpochFloor));
    }

    [Fact]
    public async Task A_clock_that_was_put_back_lowers_nothing_and_done_again_it_raises_again()
    {
        await PutAsync(StateKeys.Epochs + "orders", """{"apiVersion":"holdfast/v1","value":{"epoch":7}}""");
        Assert.True((await EpochRaising.RunAsync(store, now, TimeProvider.System, default)).IsOk);
        Assert.True((await EpochRaising.RunAsync(store, now.AddYears(-10), TimeProvider.System, default)).IsOk);
        Assert.Equal(now.ToUnixTimeSeconds() + EpochFloor.Span, await EpochAsync(StateKeys.Epochs + "orders"));
        Assert.Equal(now.ToUnixTimeSeconds() + EpochFloor.Span, await EpochAsync(StateKeys.EpochFloor));
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("""{"apiVersion":"holdfast/v1","value":{"epoch":"seven"}}""")]
    [InlineData("""{"apiVersion":"holdfast/v1"}""")]
    public async Task An_epoch_that_cannot_be_read_stops_it_by_name(string document)
    {
        await PutAsync(StateKeys.Epochs + "orders", document);
        var problem = Assert.Single((await EpochRaising.RunAsync(store, now, TimeProvider.System, default)).Problems);
        Assert.Equal("store.document", problem.Rule);
        Assert.Contains("epochs/orders", problem.What);
    }

    private async Task<long> EpochAsync(string key) => (long)JsonNode.Parse((await store.RangeAsync(new(KeyRange.Single(key)), default)).Value.Items[0].Value.ToString())!["value"]!["epoch"]!;

    private async Task PutAsync(string key, string value) =>
        Assert.IsType<CommitResult.Decided>(await store.CommitAsync(new Transaction { Then = [new Operation.Put(key, value)] }, default));
}
