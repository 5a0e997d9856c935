using Holdfast.Core.Problems;
using Holdfast.Node.State;
using Holdfast.Storage;

namespace Holdfast.Node.Clusters;

/// <summary>
/// Keeps an image of the store by watching it. It may be behind: what is decided by it is decided again when it is not, because every change names the
/// revisions that it rests on.
/// </summary>
internal sealed class StoreMirror(IStore store, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200), LookEvery = TimeSpan.FromSeconds(2), CatchUpWithin = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly List<(long Revision, TaskCompletionSource Reached)> waiting = [];
    private ClusterImage now = ClusterImage.Empty;

    /// <summary>Called, in order, with each image; not to be kept waiting.</summary>
    public Action<ClusterImage> Changed { get; set; } = _ => { };

    public ClusterImage Now => Volatile.Read(ref now);

    /// <summary>Why there is no image that can be trusted to follow the store; null: it follows.</summary>
    public Problem? Trouble { get; private set; }

    /// <summary>Until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            var read = await ReadAsync(cancel);
            if (read.TryGet(out var image))
            {
                Trouble = null;
                Show(image);
                await FollowAsync(image, cancel);
            }
            else
            {
                Trouble = read.Problems[0];
            }

            if (!cancel.IsCancellationRequested) await Task.Delay(Pause, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Returns when the image is of this revision or a later one, or after some seconds.</summary>
    public async Task CatchUpAsync(long revision, CancellationToken cancel)
    {
        TaskCompletionSource reached;
        lock (gate)
        {
            if (now.Revision >= revision) return;
            reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Add((revision, reached));
        }

        try
        {
            await reached.Task.WaitAsync(CatchUpWithin, time, cancel);
        }
        catch (TimeoutException)
        {
            // The caller goes on with what there is; its change is refused if that is too old.
        }
    }

    private async Task FollowAsync(ClusterImage image, CancellationToken cancel)
    {
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var looking = LookAfterAsync(watching);
        await foreach (var batch in store.WatchAsync(KeyRange.Prefix(StateKeys.Root), image.Revision + 1, watching.Token))
        {
            if (batch is not WatchBatch.Changes changes)
            {
                Trouble = (batch as WatchBatch.Lost)?.Problem;
                break;
            }

            image = image.With(changes.Revision, changes.Items);
            Show(image);
        }

        await watching.CancelAsync();
        await looking;
    }

    /// <summary>A watch that says nothing may have died (vip-manager#394): the store itself is asked now and then who leads, and a watch that does not get there is made anew.</summary>
    private async Task LookAfterAsync(CancellationTokenSource watching)
    {
        var behind = 0L;
        while (!watching.IsCancellationRequested)
        {
            await Task.Delay(LookEvery, time, watching.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (watching.IsCancellationRequested) return;
            if (behind > Now.Revision)
            {
                await watching.CancelAsync();
                return;
            }

            behind = await MissedAsync(watching.Token);
        }
    }

    /// <summary>The store's revision where other nodes lead than the image says, though that is older; else 0.</summary>
    private async Task<long> MissedAsync(CancellationToken cancel)
    {
        Outcome<RangeResult> asked;
        try
        {
            asked = await store.RangeAsync(new(KeyRange.Prefix(StateKeys.Leaders)), cancel);
        }
        catch (OperationCanceledException)
        {
            return 0;
        }

        var image = Now;
        if (!asked.TryGet(out var read) || read.Revision <= image.Revision) return 0;
        var same = read.Items.Count == image.Leaders.Documents.Count + image.Leaders.Damaged.Count
            && read.Items.All(item => image.Leaders.Find(item.Key.ToString()[StateKeys.Leaders.Length..])?.Revision == item.ModRevision);
        return same ? 0 : read.Revision;
    }

    private async Task<Outcome<ClusterImage>> ReadAsync(CancellationToken cancel)
    {
        var image = ClusterImage.Empty;
        var revision = 0L;
        foreach (var prefix in ClusterImage.Prefixes)
        {
            var range = await store.RangeAsync(new(KeyRange.Prefix(prefix)) { Revision = revision }, cancel);
            if (!range.TryGet(out var read)) return Outcome.Failed<ClusterImage>(range.Problems);
            if (revision == 0) revision = read.Revision;
            // Nothing was ever written: the watch tells of the first revision and all after it. Another look would see more, and what was looked at before would be missed for good.
            if (revision == 0) return image;
            image = image.With(revision, [.. read.Items.Select(item => new Change(ChangeKind.Put, item))]);
        }

        return image;
    }

    private void Show(ClusterImage image)
    {
        lock (gate)
        {
            Volatile.Write(ref now, image);
            foreach (var (_, reached) in waiting.Where(one => one.Revision <= image.Revision)) reached.TrySetResult();
            waiting.RemoveAll(one => one.Revision <= image.Revision);
        }

        Changed(image);
    }
}
