using Holdfast.Storage;
using Xunit;

namespace Holdfast.Testing.Storage;

public abstract partial class StoreConformance
{
    [ConformanceFact]
    public async Task A_transaction_does_all_its_steps_at_one_revision()
    {
        await PutAsync("/old", "x");
        var done = await CommitAsync(new Transaction
        {
            Then = [new Operation.Put("/a", "1"), new Operation.Put("/b", "2"), new Operation.Delete("/old"), new Operation.Get(KeyRange.All)],
        });
        var all = await RangeAsync(KeyRange.All);
        Assert.Equal(["/a", "/b"], all.Items.Select(i => i.Key.ToString()));
        Assert.All(all.Items, i => Assert.Equal(done.Revision, i.ModRevision));
        // A step sees what those before it did.
        Assert.Equal(all.Items, Assert.IsType<OperationResult.Got>(done.Results[3]).Items);
    }

    [ConformanceFact]
    public async Task Where_a_compare_does_not_hold_the_other_branch_is_done()
    {
        await PutAsync("/a", "1");
        var lost = await CommitAsync(new Transaction
        {
            If = [Compare.Absent("/a"), Compare.Absent("/b")],
            Then = [new Operation.Put("/b", "then")],
            Else = [new Operation.Get(KeyRange.Single("/a")), new Operation.Put("/c", "else")],
        });
        Assert.False(lost.Succeeded);
        Assert.Equal("1", Assert.IsType<OperationResult.Got>(lost.Results[0]).Items.Single().Value.ToString());
        Assert.Null(await GetAsync("/b"));
        Assert.NotNull(await GetAsync("/c"));
    }

    [ConformanceFact]
    public async Task Every_compare_judges_as_it_says()
    {
        await PutAsync("/a", "b");
        var item = (await CommitAsync(new Transaction { Then = [new Operation.Put("/a", "m")] })).Revision;
        var create = (await GetAsync("/a"))!.CreateRevision;
        (Compare Compare, bool Holds)[] cases =
        [
            (Compare.Exists("/a"), true),
            (Compare.Absent("/a"), false),
            (Compare.Absent("/none"), true),
            (Compare.Exists("/none"), false),
            (Compare.Unchanged("/a", item), true),
            (Compare.Unchanged("/a", create), false),
            (Compare.Unchanged("/none", 0), true),
            (new Compare.ModRevision("/a", Relation.Greater, create), true),
            (new Compare.ModRevision("/a", Relation.Less, item), false),
            (new Compare.CreateRevision("/a", Relation.NotEqual, create), false),
            (new Compare.Version("/a", Relation.Equal, 2), true),
            (new Compare.Version("/a", Relation.Less, 2), false),
            (new Compare.Version("/none", Relation.Equal, 0), true),
            (new Compare.Value("/a", Relation.Equal, "m"), true),
            (new Compare.Value("/a", Relation.Greater, "b"), true),
            (new Compare.Value("/a", Relation.Less, "ma"), true),
            (new Compare.Value("/a", Relation.NotEqual, "m"), false),
            (new Compare.Value("/none", Relation.Equal, ""), false),
            (new Compare.Value("/none", Relation.NotEqual, "x"), false),
        ];
        foreach (var (compare, holds) in cases)
        {
            var decided = await CommitAsync(new Transaction { If = [compare], Then = [new Operation.Get(KeyRange.Single("/a"))] });
            Assert.True(holds == decided.Succeeded, $"{compare} should {(holds ? "hold" : "not hold")}");
        }
    }

    [ConformanceFact]
    public async Task Of_many_who_change_the_same_key_at_once_each_change_is_counted()
    {
        const int Writers = 8;
        const int Each = 10;
        await PutAsync("/count", "0");
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
        {
            for (var done = 0; done < Each;)
            {
                var current = (await GetAsync("/count"))!;
                var next = (int.Parse(current.Value.ToString()) + 1).ToString();
                var result = await CommitAsync(new Transaction
                {
                    If = [Compare.Unchanged("/count", current.ModRevision)],
                    Then = [new Operation.Put("/count", next)],
                });
                done += result.Succeeded ? 1 : 0;
            }
        })));
        var final = (await GetAsync("/count"))!;
        Assert.Equal((Writers * Each).ToString(), final.Value.ToString());
        Assert.Equal(Writers * Each + 1, final.Version);
    }

    [ConformanceFact]
    public async Task A_transaction_that_is_not_well_formed_changes_nothing()
    {
        Transaction[] wrong =
        [
            new() { Then = [new Operation.Put("/a", "1"), new Operation.Put("/a", "2")] },
            new() { Then = [new Operation.Put("/a", "1"), new Operation.Delete(KeyRange.Prefix("/"))] },
            new() { Then = [new Operation.Put(Bytes.Empty, "1")] },
            new() { Then = [new Operation.Put(new string('k', StoreLimits.KeyBytes + 1), "1")] },
            new() { Then = [.. Enumerable.Range(0, StoreLimits.Steps + 1).Select(i => new Operation.Put($"/{i}", "x"))] },
            new() { Then = [new Operation.Put("/a", new Bytes(new byte[StoreLimits.TransactionBytes + 1]))] },
            new() { Then = [new Operation.Put("/a", "1")], RequestId = "" },
            new() { If = [Compare.Exists(Bytes.Empty)] },
        ];
        foreach (var transaction in wrong)
        {
            var failed = Assert.IsType<CommitResult.Failed>(await Store.CommitAsync(transaction, Deadline));
            Assert.Equal("store.transaction-invalid", failed.Problem.Rule);
        }

        Assert.Empty((await RangeAsync(KeyRange.All)).Items);
    }

    [ConformanceFact]
    public async Task A_transaction_at_the_limits_is_done()
    {
        var steps = Enumerable.Range(0, StoreLimits.Steps).Select(i => new Operation.Put($"/{i:D4}", new Bytes(new byte[8000])));
        await CommitAsync(new Transaction { Then = [.. steps] });
        Assert.Equal(StoreLimits.Steps, (await RangeAsync(KeyRange.All)).Count);
        var key = new string('k', StoreLimits.KeyBytes);
        await PutAsync(key, "1");
        Assert.NotNull(await GetAsync(key));
        Assert.Equal(StoreLimits.Steps + 1, (await RangeAsync(KeyRange.All)).Count);
    }

    [ConformanceFact]
    public async Task The_same_request_again_changes_nothing_and_has_the_same_answer()
    {
        var request = new Transaction { If = [Compare.Absent("/a")], Then = [new Operation.Put("/a", "1")], Else = [new Operation.Put("/lost", "1")] };
        var first = await CommitAsync(request);
        await PutAsync("/a", "2");
        var again = await CommitAsync(request);
        Assert.True(again.Replayed);
        Assert.Equal((first.Succeeded, first.Revision), (again.Succeeded, again.Revision));
        Assert.Equal("2", (await GetAsync("/a"))!.Value.ToString());
        Assert.Null(await GetAsync("/lost"));
        Assert.Equal(new Settlement.Happened(true, first.Revision), await Ok(Store.SettleAsync(request.RequestId, Deadline)));
    }

    [ConformanceFact]
    public async Task A_request_settled_as_void_can_never_happen()
    {
        var request = new Transaction { Then = [new Operation.Put("/a", "1")] };
        Assert.IsType<Settlement.Void>(await Ok(Store.SettleAsync(request.RequestId, Deadline)));
        var late = Assert.IsType<CommitResult.Failed>(await Store.CommitAsync(request, Deadline));
        Assert.Equal("store.request-voided", late.Problem.Rule);
        Assert.Null(await GetAsync("/a"));
        Assert.IsType<Settlement.Void>(await Ok(Store.SettleAsync(request.RequestId, Deadline)));
    }

    [ConformanceFact]
    public async Task A_cancelled_call_changes_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Store.CommitAsync(new Transaction { Then = [new Operation.Put("/a", "1")] }, cancelled.Token));
        Assert.Null(await GetAsync("/a"));
    }
}
