using Holdfast.Storage.Sqlite;
using Holdfast.Testing.Storage;

namespace Holdfast.Storage.Tests.Sqlite;

public sealed class SqliteCrashTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Law11_after_a_kill_every_answered_commit_is_there_and_none_is_half_done()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3), TimeProvider.System);
        await SqliteStore.Create(folder.Store, TemporaryFolder.Options, TimeProvider.System).Value.DisposeAsync();
        var answered = new HashSet<string>();
        foreach (var lines in (int[])[1, 23, 150])
        {
            using var process = CrashingProcess.Start(typeof(Program).Assembly.Location, "commit", folder.Store);
            var said = await process.KillAfterAsync(lines, deadline.Token);
            answered.UnionWith(said.SkipLast(1));

            await using var store = SqliteStore.Open(folder.Store, TemporaryFolder.Options, TimeProvider.System).Value;
            var left = (await store.RangeAsync(new RangeQuery(KeyRange.Prefix("/left/")), deadline.Token)).Value.Items;
            var right = (await store.RangeAsync(new RangeQuery(KeyRange.Prefix("/right/")), deadline.Token)).Value.Items;
            Assert.Subset(left.Select(i => i.Value.ToString()).ToHashSet(), answered);
            Assert.Equal(left.Select(i => i.Key.ToString()["/left/".Length..]), right.Select(i => i.Key.ToString()["/right/".Length..]));
            Assert.Equal(left.Select(i => i.ModRevision), right.Select(i => i.ModRevision));
        }
    }
}
