using Holdfast.Storage;
using Xunit;

namespace Holdfast.Testing.Storage;

public abstract partial class StoreConformance
{
    [ConformanceFact]
    public async Task A_watch_tells_the_past_and_then_what_comes_in_order()
    {
        var first = await PutAsync("/w/a", "1");
        await PutAsync("/other", "x");
        await PutAsync("/w/b", "1");
        await using var watch = Watch(KeyRange.Prefix("/w/"), first.Revision);
        Assert.Equal(["Put /w/a 1", "Put /w/b 1"], await watch.TakeAsync(2));

        await PutAsync("/w/a", "2");
        await PutAsync("/other", "y");
        var gone = await CommitAsync(new Transaction { Then = [new Operation.Delete("/w/a")] });
        Assert.Equal(["Put /w/a 2", "Delete /w/a "], await watch.TakeAsync(2));
        Assert.Equal(gone.Revision, watch.Revision);
    }

    [ConformanceFact]
    public async Task A_watch_from_after_a_reading_misses_nothing_and_repeats_nothing()
    {
        await PutAsync("/a", "1");
        var read = await RangeAsync(KeyRange.All);
        await PutAsync("/a", "2");
        await using var watch = Watch(KeyRange.All, read.Revision + 1);
        Assert.Equal(["Put /a 2"], await watch.TakeAsync(1));
    }

    [ConformanceFact]
    public async Task The_changes_of_one_revision_come_in_one_batch()
    {
        var start = (await RangeAsync(KeyRange.All)).Revision + 1;
        for (var i = 0; i < 10; i++)
        {
            var round = i;
            await CommitAsync(new Transaction { Then = [.. Enumerable.Range(0, 100).Select(k => new Operation.Put($"/{k:D3}", $"{round}"))] });
        }

        await using var watch = Watch(KeyRange.All, start);
        var seen = await watch.TakeAsync(1000);
        Assert.Equal(1000, seen.Count);
        Assert.All(watch.Batches, batch => Assert.All(batch.Items.GroupBy(c => c.Item.ModRevision), g => Assert.Equal(100, g.Count())));
        Assert.Equal(watch.Batches.SelectMany(b => b.Items).Select(c => c.Item.ModRevision).Order(), watch.Batches.SelectMany(b => b.Items).Select(c => c.Item.ModRevision));
    }

    [ConformanceFact]
    public async Task Many_watchers_each_see_every_change_while_many_write()
    {
        const int Watchers = 20;
        const int Writers = 4;
        const int Each = 25;
        var start = (await RangeAsync(KeyRange.All)).Revision + 1;
        var watches = Enumerable.Range(0, Watchers).Select(_ => Watch(KeyRange.All, start)).ToList();
        var reading = watches.Select(w => w.TakeAsync(Writers * Each)).ToList();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(w => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++)
                await PutAsync($"/{w}", $"{i}");
        })));
        var seen = await Task.WhenAll(reading);
        Assert.All(seen, s => Assert.Equal(seen[0], s));
        for (var w = 0; w < Writers; w++)
            Assert.Equal(Enumerable.Range(0, Each).Select(i => $"Put /{w} {i}"), seen[0].Where(s => s.StartsWith($"Put /{w} ")));
        foreach (var watch in watches)
            await watch.DisposeAsync();
    }

    [ConformanceFact]
    public async Task A_watch_from_compacted_history_says_so_and_ends()
    {
        var first = await PutAsync("/a", "1");
        await PutAsync("/a", "2");
        var last = await PutAsync("/a", "3");
        Assert.True((await Store.CompactAsync(last.Revision, Deadline)).IsOk);
        var batches = new List<WatchBatch>();
        await foreach (var batch in Store.WatchAsync(KeyRange.All, first.Revision, Deadline))
            batches.Add(batch);
        Assert.InRange(Assert.IsType<WatchBatch.Compacted>(Assert.Single(batches)).Oldest, first.Revision + 1, last.Revision + 1);
    }

    /// <summary>Older versions of etcd forget a deletion at the revision that they are compacted at, and a watch from there says nothing of it.</summary>
    [ConformanceFact]
    public async Task Etcd18089_a_deletion_at_the_compacted_revision_is_told_or_said_to_be_gone()
    {
        await PutAsync("/a", "1");
        var deleted = await CommitAsync(new Transaction { Then = [new Operation.Delete("/a")] });
        await PutAsync("/b", "1");
        Assert.True((await Store.CompactAsync(deleted.Revision, Deadline)).IsOk);
        await foreach (var batch in Store.WatchAsync(KeyRange.All, deleted.Revision, Deadline))
        {
            if (batch is WatchBatch.Changes changes)
                Assert.Equal(ChangeKind.Delete, changes.Items[0].Kind);
            else
                Assert.IsType<WatchBatch.Compacted>(batch);
            break;
        }
    }

    [ConformanceFact]
    public async Task A_watch_that_is_up_to_date_is_not_disturbed_by_compaction()
    {
        var first = await PutAsync("/quiet", "1");
        await using var watch = Watch(KeyRange.Single("/quiet"), first.Revision);
        await watch.TakeAsync(1);
        var last = first;
        for (var i = 0; i < 20; i++)
            last = await PutAsync("/busy", $"{i}");
        await watch.CaughtUpAsync(last.Revision, KeyRange.Single("/quiet"));
        Assert.True((await Store.CompactAsync(last.Revision, Deadline)).IsOk);
        await PutAsync("/quiet", "2");
        Assert.Equal("Put /quiet 2", (await watch.TakeAsync(1))[^1]);
    }

    [ConformanceFact]
    public async Task A_watch_can_begin_in_the_future()
    {
        var now = await PutAsync("/a", "1");
        await using var watch = Watch(KeyRange.All, now.Revision + 1);
        var reading = watch.TakeAsync(1);
        await PutAsync("/a", "2");
        Assert.Equal(["Put /a 2"], await reading);
    }

    [ConformanceFact]
    public async Task A_cancelled_watch_ends_quietly()
    {
        using var cancel = new CancellationTokenSource();
        var now = await PutAsync("/a", "1");
        var reading = Task.Run(async () =>
        {
            var batches = 0;
            await foreach (var batch in Store.WatchAsync(KeyRange.All, now.Revision + 1, cancel.Token))
                batches++;
            return batches;
        });
        await cancel.CancelAsync();
        Assert.Equal(0, await reading.WaitAsync(Deadline));
    }

    protected WatchReading Watch(KeyRange keys, long from) => new(this, keys, from, Deadline);

    /// <summary>Reads a watch step by step, keeping what it said.</summary>
    protected sealed class WatchReading(StoreConformance test, KeyRange keys, long from, CancellationToken deadline) : IAsyncDisposable
    {
        private readonly IAsyncEnumerator<WatchBatch> watch = test.Store.WatchAsync(keys, from, deadline).GetAsyncEnumerator(deadline);
        private Task<bool>? pending;

        public List<WatchBatch.Changes> Batches { get; } = [];

        public long Revision => Batches[^1].Revision;

        public async Task<List<string>> TakeAsync(int changes)
        {
            var taken = new List<string>();
            while (taken.Count < changes)
            {
                Assert.True(await (pending ?? watch.MoveNextAsync().AsTask()), "the watch ended");
                pending = null;
                var batch = Assert.IsType<WatchBatch.Changes>(watch.Current);
                Batches.Add(batch);
                taken.AddRange(batch.Items.Select(c => $"{c.Kind} {c.Item.Key} {c.Item.Value}"));
            }

            return taken;
        }

        /// <summary>Puts the first key of the range anew and waits for the watch to tell it: then it has looked at everything before.</summary>
        public async Task CaughtUpAsync(long revision, KeyRange range)
        {
            pending ??= watch.MoveNextAsync().AsTask();
            var marker = (await test.RangeAsync(range)).Items[0];
            await test.CommitAsync(new Transaction { Then = [new Operation.Put(marker.Key, marker.Value)] });
            Assert.True(await pending, "the watch ended");
            pending = null;
            Batches.Add(Assert.IsType<WatchBatch.Changes>(watch.Current));
            Assert.True(Revision > revision);
        }

        public async ValueTask DisposeAsync()
        {
            // A step that is still waiting ends with the deadline's token, which the test owns: nothing to wait for here.
            if (pending is null)
                await watch.DisposeAsync();
        }
    }
}
