using Holdfast.Core.Problems;
using Holdfast.Storage.Sqlite;
using Holdfast.Testing.Clocks;

namespace Holdfast.Storage.Tests.Sqlite;

public sealed class SqliteOpeningTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ManualClock clock = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_first_start_makes_a_store_and_the_next_one_opens_it()
    {
        StoreIdentity identity;
        await using (var store = OpenOrCreate(fresh: true).Value)
        {
            identity = store.Identity;
            Assert.Equal(1, identity.Incarnation);
            await PutAsync(store, "/a");
        }

        await using (var store = OpenOrCreate(fresh: false).Value)
        {
            Assert.Equal(identity, store.Identity);
            Assert.Equal(["/a"], await KeysAsync(store));
        }
    }

    [Fact]
    public void A_store_that_is_missing_where_there_was_one_is_never_made_anew()
    {
        Assert.Equal("store.missing", Refused(OpenOrCreate(fresh: false)).Rule);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task A_store_that_was_deleted_is_missed_even_where_the_home_looks_fresh()
    {
        await OpenOrCreate(fresh: true).Value.DisposeAsync();
        File.Delete(folder.Store);
        var problem = Refused(OpenOrCreate(fresh: true));
        Assert.Equal(("store.missing", ProblemKind.Damaged), (problem.Rule, problem.Kind));
        Assert.NotNull(problem.Mend);
        Assert.False(File.Exists(folder.Store));
    }

    [Fact]
    public async Task A_store_is_not_made_over_another()
    {
        await OpenOrCreate(fresh: true).Value.DisposeAsync();
        Assert.Equal("store.exists", Refused(SqliteStore.Create(folder.Store, TemporaryFolder.Options, clock)).Rule);
    }

    [Theory]
    [InlineData("text", "store.foreign")]
    [InlineData("empty", "store.damaged")]
    [InlineData("other-database", "store.foreign")]
    [InlineData("truncated", "store.damaged")]
    [InlineData("zeroed-pages", "store.damaged")]
    [InlineData("no-tables", "store.damaged")]
    [InlineData("newer", "store.newer-version")]
    public async Task A_file_that_is_not_a_whole_store_is_refused_and_left_as_it_is(string damage, string rule)
    {
        await DamageAsync(damage);
        var before = await File.ReadAllBytesAsync(folder.Store);
        Assert.Equal(rule, Refused(OpenOrCreate(fresh: false)).Rule);
        Assert.Equal(rule, Refused(OpenOrCreate(fresh: true)).Rule);
        Assert.Equal(before, await File.ReadAllBytesAsync(folder.Store));
    }

    [Fact]
    public async Task The_store_of_another_node_is_not_taken_for_this_ones()
    {
        await OpenOrCreate(fresh: true).Value.DisposeAsync();
        var other = folder.In("other.db");
        await SqliteStore.Create(other, TemporaryFolder.Options, clock).Value.DisposeAsync();
        File.Copy(other, folder.Store, overwrite: true);
        Assert.Equal("store.exchanged", Refused(OpenOrCreate(fresh: false)).Rule);
    }

    [Fact]
    public async Task A_lost_marker_is_written_again()
    {
        await OpenOrCreate(fresh: true).Value.DisposeAsync();
        File.Delete(folder.Store + ".identity");
        await OpenOrCreate(fresh: false).Value.DisposeAsync();
        File.Delete(folder.Store);
        Assert.Equal("store.missing", Refused(OpenOrCreate(fresh: true)).Rule);
    }

    [Fact]
    public async Task A_restored_backup_has_another_identity_and_a_higher_incarnation()
    {
        var backup = folder.In("backup.db");
        StoreIdentity first;
        await using (var store = OpenOrCreate(fresh: true).Value)
        {
            first = store.Identity;
            await PutAsync(store, "/kept");
            var lease = (await store.GrantLeaseAsync(TimeSpan.FromSeconds(30), CancellationToken.None)).Value;
            await store.CommitAsync(new Transaction { Then = [new Operation.Put("/leader", "me", lease.Id)] }, CancellationToken.None);
            Assert.True(SqliteBackup.Write(folder.Store, backup, TemporaryFolder.Options).IsOk);
            await PutAsync(store, "/after");
        }

        Assert.Equal("store.exists", Refused(SqliteBackup.Restore(backup, folder.Store, TemporaryFolder.Options)).Rule);
        File.Delete(folder.Store);
        Assert.True(SqliteBackup.Restore(backup, folder.Store, TemporaryFolder.Options).IsOk);
        await using (var store = OpenOrCreate(fresh: false).Value)
        {
            Assert.NotEqual(first.ClusterId, store.Identity.ClusterId);
            Assert.Equal(2, store.Identity.Incarnation);
            Assert.Equal(["/kept"], await KeysAsync(store));
        }

        File.Delete(folder.Store);
        Assert.Equal(3, SqliteBackup.Restore(backup, folder.Store, TemporaryFolder.Options).Value.Incarnation);
    }

    [Fact]
    public async Task Leases_have_their_whole_length_again_after_a_restart()
    {
        Lease lease;
        await using (var store = OpenOrCreate(fresh: true).Value)
        {
            lease = (await store.GrantLeaseAsync(TimeSpan.FromSeconds(10), CancellationToken.None)).Value;
            await store.CommitAsync(new Transaction { Then = [new Operation.Put("/l", "1", lease.Id)] }, CancellationToken.None);
            clock.Advance(TimeSpan.FromSeconds(9));
        }

        clock.Advance(TimeSpan.FromDays(1));
        await using (var store = OpenOrCreate(fresh: false).Value)
        {
            Assert.Equal(["/l"], await KeysAsync(store));
            clock.Advance(TimeSpan.FromSeconds(9));
            Assert.True((await store.KeepLeaseAsync(lease.Id, CancellationToken.None)).IsOk);
        }
    }

    private static Problem Refused<T>(Outcome<T> outcome) => Assert.Single(outcome.Problems);

    private static async Task PutAsync(SqliteStore store, string key) =>
        Assert.IsType<CommitResult.Decided>(await store.CommitAsync(new Transaction { Then = [new Operation.Put(key, "1")] }, CancellationToken.None));

    private static async Task<IEnumerable<string>> KeysAsync(SqliteStore store) =>
        (await store.RangeAsync(new RangeQuery(KeyRange.All), CancellationToken.None)).Value.Items.Select(i => i.Key.ToString());

    private Outcome<SqliteStore> OpenOrCreate(bool fresh) => SqliteStore.OpenOrCreate(folder.Store, fresh, TemporaryFolder.Options, clock);

    private async Task DamageAsync(string damage)
    {
        await using (var store = OpenOrCreate(fresh: true).Value)
        {
            for (var i = 0; i < 50; i++)
                await PutAsync(store, $"/{i}" + new string('k', 900));
        }

        switch (damage)
        {
            case "text":
                await File.WriteAllTextAsync(folder.Store, new string('#', 5000));
                break;
            case "empty":
                await File.WriteAllBytesAsync(folder.Store, []);
                break;
            case "truncated":
                using (var file = File.OpenWrite(folder.Store))
                    file.SetLength(file.Length / 2);
                break;
            case "zeroed-pages":
                using (var file = File.OpenWrite(folder.Store))
                {
                    file.Position = 4096;
                    file.Write(new byte[(int)file.Length - 8192]);
                }

                break;
            case "other-database":
                Change("PRAGMA application_id = 77");
                break;
            case "no-tables":
                Change("DROP TABLE counter");
                break;
            case "newer":
                Change("PRAGMA user_version = 99");
                break;
        }
    }

    private void Change(string sql)
    {
        using var session = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={folder.Store};Pooling=False");
        session.Open();
        using var command = session.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
