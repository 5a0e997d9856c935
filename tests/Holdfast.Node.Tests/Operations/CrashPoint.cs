using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Leases;
using Holdfast.Node.Supervisors;
using Holdfast.Storage;

namespace Holdfast.Node.Tests.Operations;

/// <summary>
/// Counts an agent's commits and orders, and at the n-th the agent dies: nothing it calls from then on returns, as nothing returns to a
/// process that was killed. Every other n the call itself has still happened.
/// </summary>
internal sealed class CrashPoint(int at)
{
    private readonly TaskCompletionSource died = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int calls;

    public Task Died => died.Task;

    public async Task<T> PassAsync<T>(Func<Task<T>> call)
    {
        if (died.Task.IsCompleted)
            await NeverAsync();
        if (at == 0 || ++calls < (at + 1) / 2)
            return await call();
        if (at % 2 == 0)
            await call();
        died.TrySetResult();
        await NeverAsync();
        throw new InvalidOperationException("The dead do not return.");
    }

    private static Task NeverAsync() => new TaskCompletionSource().Task;
}

internal sealed class CrashingStore(IStore store, CrashPoint crash) : IStore
{
    private int ranges;

    public StoreIdentity Identity => store.Identity;

    /// <summary>How often it was read.</summary>
    public int Ranges => ranges;

    public Task<Outcome<RangeResult>> RangeAsync(RangeQuery query, CancellationToken cancel)
    {
        Interlocked.Increment(ref ranges);
        return store.RangeAsync(query, cancel);
    }

    public Task<CommitResult> CommitAsync(Transaction transaction, CancellationToken cancel) => crash.PassAsync(() => store.CommitAsync(transaction, cancel));

    public Task<Outcome<Settlement>> SettleAsync(string requestId, CancellationToken cancel) => store.SettleAsync(requestId, cancel);

    public IAsyncEnumerable<WatchBatch> WatchAsync(KeyRange keys, long fromRevision, CancellationToken cancel) => store.WatchAsync(keys, fromRevision, cancel);

    public Task<Outcome<Lease>> GrantLeaseAsync(TimeSpan length, CancellationToken cancel) => store.GrantLeaseAsync(length, cancel);

    public Task<Outcome<Lease>> KeepLeaseAsync(long lease, CancellationToken cancel) => store.KeepLeaseAsync(lease, cancel);

    public Task<Outcome<SeenLease>> LookAtLeaseAsync(long lease, CancellationToken cancel) => store.LookAtLeaseAsync(lease, cancel);

    public Task<Outcome<Done>> RevokeLeaseAsync(long lease, CancellationToken cancel) => store.RevokeLeaseAsync(lease, cancel);

    public Task<Outcome<Done>> CompactAsync(long revision, CancellationToken cancel) => store.CompactAsync(revision, cancel);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

internal sealed class CrashingSupervisor(ISupervisor supervisor, CrashPoint crash) : ISupervisor
{
    public Task<Outcome<Done>> ApplyAsync(DesiredInstance desired, CancellationToken cancel) => crash.PassAsync(() => supervisor.ApplyAsync(desired, cancel));

    public Task<Outcome<Done>> RemoveAsync(string instance, CancellationToken cancel) => crash.PassAsync(() => supervisor.RemoveAsync(instance, cancel));

    public Task<Outcome<Done>> SignalAsync(string instance, string signal, CancellationToken cancel) => supervisor.SignalAsync(instance, signal, cancel);

    public Task<Outcome<Done>> ReloadAsync(string instance, CancellationToken cancel) => supervisor.ReloadAsync(instance, cancel);

    public Task<Outcome<IServiceInput>> AttachAsync(string instance, CancellationToken cancel) => supervisor.AttachAsync(instance, cancel);

    public Task<Outcome<Done>> ExtendAsync(long lease, TimeSpan softAt, TimeSpan hardAt, WatchdogOrder? watchdog, CancellationToken cancel) => supervisor.ExtendAsync(lease, softAt, hardAt, watchdog, cancel);

    public Task<Outcome<Done>> HoldBackAsync(long lease, string why, CancellationToken cancel) => supervisor.HoldBackAsync(lease, why, cancel);

    public Task<Outcome<Done>> FenceAsync(long lease, string why, CancellationToken cancel) => supervisor.FenceAsync(lease, why, cancel);

    public Task<Outcome<SupervisorLeases>> LeasesAsync(CancellationToken cancel) => supervisor.LeasesAsync(cancel);

    public Task<Outcome<IReadOnlyList<InstanceStatus>>> ListAsync(CancellationToken cancel) => supervisor.ListAsync(cancel);

    public Task<long> WaitForChangeAsync(long sequence, CancellationToken cancel) => supervisor.WaitForChangeAsync(sequence, cancel);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
