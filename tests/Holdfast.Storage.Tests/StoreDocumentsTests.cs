using System.Text.Json.Serialization;
using Holdfast.Core.Problems;
using Holdfast.Storage.Documents;
using Holdfast.Storage.Sqlite;
using Holdfast.Storage.Tests.Sqlite;

namespace Holdfast.Storage.Tests;

public sealed partial class StoreDocumentsTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder folder = new();
    private SqliteStore store = null!;

    public Task InitializeAsync()
    {
        store = SqliteStore.Create(folder.Store, TemporaryFolder.Options, TimeProvider.System).Value;
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await store.DisposeAsync();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_document_is_put_read_and_changed_by_whoever_read_it_last()
    {
        Assert.Null((await GetAsync("/d/1")).Value);
        Assert.True(Assert.IsType<CommitResult.Decided>(await PutAsync("/d/1", "eins", 0)).Succeeded);
        var read = (await GetAsync("/d/1")).Value!;
        Assert.Equal(("/d/1", "eins"), (read.Key, read.Value.Name));
        Assert.True(Assert.IsType<CommitResult.Decided>(await PutAsync("/d/1", "zwei", read.ModRevision)).Succeeded);
        Assert.False(Assert.IsType<CommitResult.Decided>(await PutAsync("/d/1", "drei", read.ModRevision)).Succeeded);
        await PutAsync("/d/2", "vier", 0);
        var list = (await store.ListDocumentsAsync("/d/", Json.Default.Note, CancellationToken.None)).Value;
        Assert.Equal(["zwei", "vier"], list.Items.Select(d => d.Value.Name));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"Name\":3}")]
    [InlineData("")]
    public async Task A_document_that_cannot_be_read_is_a_problem_with_its_key(string text)
    {
        await PutAsync("/d/1", "eins", 0);
        await store.CommitAsync(new Transaction { Then = [new Operation.Put("/d/2", text)] }, CancellationToken.None);
        var problem = Assert.Single((await GetAsync("/d/2")).Problems);
        Assert.Equal((ProblemKind.Damaged, "store.document-unreadable"), (problem.Kind, problem.Rule));
        Assert.Contains("/d/2", problem.What);
        Assert.Single((await store.ListDocumentsAsync("/d/", Json.Default.Note, CancellationToken.None)).Problems);
    }

    [Fact]
    public async Task A_commit_whose_answer_is_awaited_is_decided_or_a_problem()
    {
        var put = new Transaction { Then = [StoreDocuments.Put("/d/1", new Note("x"), Json.Default.Note)] };
        Assert.True((await store.CommitKnownAsync(put, TimeProvider.System, CancellationToken.None)).Value.Succeeded);
        var wrong = await store.CommitKnownAsync(put with { RequestId = "" }, TimeProvider.System, CancellationToken.None);
        Assert.Equal("store.transaction-invalid", Assert.Single(wrong.Problems).Rule);
    }

    private Task<Outcome<StoreDocument<Note>?>> GetAsync(string key) => store.GetDocumentAsync(key, Json.Default.Note, CancellationToken.None);

    private Task<CommitResult> PutAsync(string key, string name, long modRevision) =>
        store.PutDocumentAsync(key, new Note(name), modRevision, Json.Default.Note, CancellationToken.None);

    internal sealed record Note(string Name);

    [JsonSerializable(typeof(Note))]
    internal sealed partial class Json : JsonSerializerContext;
}
