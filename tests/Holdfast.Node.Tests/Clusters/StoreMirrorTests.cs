using Holdfast.Core.Operations;
using Holdfast.Core.Supervision;
using Holdfast.Node.Clusters;
using Holdfast.Node.State;
using Holdfast.Node.Tests.Operations;
using Holdfast.Storage;
using Operation = Holdfast.Storage.Operation;

namespace Holdfast.Node.Tests.Clusters;

/// <summary>The image that a node keeps of its store, over a store of SQLite: the contract of both is one.</summary>
public sealed class StoreMirrorTests : IAsyncLifetime
{
    private readonly CancellationTokenSource ending = new();
    private TestNode node = null!;
    private StoreMirror mirror = null!;
    private Task running = Task.CompletedTask;

    public async Task InitializeAsync()
    {
        node = await TestNode.StartAsync();
        mirror = new(node.Store, TimeProvider.System);
        running = mirror.RunAsync(ending.Token);
    }

    public async Task DisposeAsync()
    {
        await ending.CancelAsync();
        await running;
        ending.Dispose();
        await node.DisposeAsync();
    }

    [Fact]
    public async Task It_has_what_was_there_and_what_comes_changes_and_goes()
    {
        var revision = await CommitAsync(new CatalogChange().Put(Service("a"), 0));
        await mirror.ReachAsync(revision);
        Assert.Equal(1, mirror.Now.Services.Find("a")!.Value.Release);
        revision = await CommitAsync(new CatalogChange().Put(Service("a") with { Release = 2 }, mirror.Now.Services.Find("a")!.Revision));
        await mirror.ReachAsync(revision);
        Assert.Equal(2, mirror.Now.Services.Find("a")!.Value.Release);
        revision = await CommitAsync(new CatalogChange().Delete(StateKeys.Service("a"), mirror.Now.Services.Find("a")!.Revision));
        await mirror.ReachAsync(revision);
        Assert.Null(mirror.Now.Services.Find("a"));
    }

    [Fact]
    public async Task A_document_that_cannot_be_read_is_named_and_harms_no_other()
    {
        var committed = (CommitResult.Decided)await node.Store.CommitAsync(new() { Then = [new Operation.Put(StateKeys.Service("bad"), "{")] }, default);
        var revision = await CommitAsync(new CatalogChange().Put(Service("good"), 0));
        await mirror.ReachAsync(Math.Max(revision, committed.Revision));
        Assert.Contains("services/bad", Assert.Single(mirror.Now.Damaged).What, StringComparison.Ordinal);
        Assert.NotNull(mirror.Now.Services.Find("good"));
    }

    private async Task<long> CommitAsync(CatalogChange change)
    {
        var committed = (CommitResult.Decided)await node.Store.CommitAsync(new() { If = change.Conditions, Then = change.Steps }, default);
        Assert.True(committed.Succeeded);
        return committed.Revision;
    }

    private static ServiceRecord Service(string name) => new() { Name = name, Release = 1, LastRelease = 1, Run = RunState.Running, Incarnation = 1, Operation = "x" };
}
