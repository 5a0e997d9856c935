using System.Collections.Concurrent;
using Holdfast.Core.Problems;
using Holdfast.Storage;
using Holdfast.Testing.Histories;
using Xunit;

namespace Holdfast.Testing.Storage;

/// <summary>
/// Clients that read, write and swap a few keys of a store at once, and remember what each of them saw, until they are told to stop. Then a search tells whether one
/// copy of the store could have answered so.
/// </summary>
public sealed class StoreLoad(Func<IStore> store, int seed)
{
    private const int Clients = 6;
    private const int Keys = 4;

    private readonly ConcurrentBag<(int Key, Observed<RegisterCall> Call)> seen = [];
    private readonly TimeProvider time = TimeProvider.System;
    private int answered;

    /// <summary>Calls that were answered, so far.</summary>
    public int Answered => Volatile.Read(ref answered);

    /// <summary>Calls whose outcome nobody told.</summary>
    public int Unknown => seen.Count(s => s.Call.End == Observed<RegisterCall>.Never);

    public Task RunAsync(CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, Clients).Select(c => Task.Run(() => ClientAsync(c, new Random(seed + c), stop), CancellationToken.None)));

    /// <summary>Each key by itself: what holds for each of them holds for all (locality).</summary>
    public void AssertLinearizable()
    {
        foreach (var key in seen.GroupBy(s => s.Key))
        {
            var found = Linearizability.Check(new Register(null), [.. key.Select(s => s.Call)], RegisterCall.Step);
            Assert.True(
                found.Holds,
                $"Seed {seed}, key {key.Key}: no order of its {key.Count()} calls explains what was seen. The longest that explains some ends with:\n"
                + string.Join('\n', found.Order.TakeLast(20)));
        }
    }

    private async Task ClientAsync(int client, Random chance, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var (key, mine) = (chance.Next(Keys), $"{client}-{i}");
            var begin = time.GetTimestamp();
            var call = chance.Next(3) switch
            {
                0 => await ReadAsync(key),
                1 => await CommitAsync(new Transaction { Then = [Put(key, mine)] }, _ => new RegisterCall.Write(mine)),
                _ => await SwapAsync(key, mine, () => begin = time.GetTimestamp()),
            };
            // What was refused has changed nothing and shows nothing.
            if (call.Call is null) continue;
            seen.Add((key, new(begin, call.Known ? time.GetTimestamp() : Observed<RegisterCall>.Never, call.Call)));
            if (call.Known) Interlocked.Increment(ref answered);
        }
    }

    private async Task<(RegisterCall? Call, bool Known)> ReadAsync(int key)
    {
        var read = await store().RangeAsync(new RangeQuery(KeyRange.Single(Name(key))), CancellationToken.None);
        return read.IsOk ? (new RegisterCall.Read(read.Value.Items.SingleOrDefault()?.Value.ToString()), true) : Refused(read.Problems[0]);
    }

    /// <summary>Swaps what it has just read, so that about half of the swaps succeed.</summary>
    private async Task<(RegisterCall? Call, bool Known)> SwapAsync(int key, string mine, Action begin)
    {
        var read = await store().RangeAsync(new RangeQuery(KeyRange.Single(Name(key))), CancellationToken.None);
        if (!read.IsOk) return Refused(read.Problems[0]);
        if (read.Value.Items.SingleOrDefault()?.Value.ToString() is not { } old) return (null, true);
        begin();
        var swap = new Transaction { If = [new Compare.Value(Name(key), Relation.Equal, old)], Then = [Put(key, mine)] };
        return await CommitAsync(swap, succeeded => new RegisterCall.Swap(old, mine, succeeded));
    }

    private async Task<(RegisterCall? Call, bool Known)> CommitAsync(Transaction transaction, Func<bool?, RegisterCall> call) =>
        await store().CommitAsync(transaction, CancellationToken.None) switch
        {
            CommitResult.Decided decided => (call(decided.Succeeded), true),
            CommitResult.Unknown => (call(null), false),
            CommitResult.Failed failed => Refused(failed.Problem),
            var other => throw new InvalidOperationException($"Unknown result {other}."),
        };

    /// <summary>Only what a bad day explains.</summary>
    private static (RegisterCall? Call, bool Known) Refused(Problem problem)
    {
        Assert.Equal(ProblemKind.Unavailable, problem.Kind);
        return (null, true);
    }

    private static Operation.Put Put(int key, string value) => new(Name(key), value);

    private static string Name(int key) => $"/register/{key}";
}
