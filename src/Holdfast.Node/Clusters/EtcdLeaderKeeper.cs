using Holdfast.Core.Clusters;
using Holdfast.Core.Problems;
using Holdfast.Node.Operations;
using Holdfast.Platform;
using Holdfast.Storage.Etcd;
using Microsoft.Extensions.Logging;

namespace Holdfast.Node.Clusters;

/// <summary>
/// Keeps etcd's leader off this node while it leads services, where nodes run the etcd. What is decided is <see cref="EtcdLeaderMachine"/>'s; here are the members as they are, and
/// the asking. An etcd of somebody's own is left alone.
/// </summary>
internal sealed class EtcdLeaderKeeper(ClusterFile file, Home home, StoreMirror mirror, ChangeRecord record, TimeProvider time, ILogger<EtcdLeaderKeeper> log)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private EtcdLeaderState state = EtcdLeaderState.None;

    /// <summary>Until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var options = ClusterStore.Options(home, file);
        if (file.Member is not { } member || !options.TryGet(out var how)) await Task.Delay(Timeout.InfiniteTimeSpan, time, cancel);
        else await KeepAsync(how with { Endpoints = [new($"https://{member.ClientAddress}")] }, cancel);
    }

    private async Task KeepAsync(EtcdOptions own, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            await Task.Delay(LookEvery, time, cancel);
            var world = await LookAsync(own, cancel);
            if (world is null)
            {
                state = state with { Since = null };
                continue;
            }

            var step = EtcdLeaderMachine.Step(state, world, BootClock.SinceBoot);
            state = step.State;
            if (step.MoveTo is { } to) await MoveAsync(own, to, step.Reason, cancel);
        }
    }

    /// <summary>Null: etcd's leader is not here, or nothing is led here, or the members do not say.</summary>
    private async Task<EtcdLeaderWorld?> LookAsync(EtcdOptions own, CancellationToken cancel)
    {
        var image = mirror.Now;
        // Most of the time this is all: other members are asked only where there may be something to decide.
        if (!image.Leaders.Documents.Values.Any(leader => leader.Value.Node == file.Node)) return null;
        if (!(await EtcdStore.StatusAsync(own, time, cancel))[0].IsLeader) return null;
        return await EtcdLeaderLook.AtAsync(image, own, time, cancel);
    }

    /// <summary>The record, then the move.</summary>
    private async Task MoveAsync(EtcdOptions own, EtcdMemberFacts to, string reason, CancellationToken cancel)
    {
        var moved = await record.AroundAsync(
            $"node/{file.Node}", "etcd-leader", to.Name, Guid.NewGuid().ToString("n"), new Dictionary<string, string> { ["reason"] = reason },
            () => EtcdStore.MoveLeaderAsync(own, to.Id, time, cancel));
        if (moved.IsOk) Log.EtcdLeaderMoved(log, to.Name, reason);
        else Log.StoreWarning(log, $"its leader did not move to {to.Name}: {string.Join("; ", moved.Problems)}");
    }
}
