using Holdfast.Node.Supervisors;

namespace Holdfast.Node.Tests.Supervisors;

/// <summary>However many ask at once, supervisors answer one at a time, and nobody gets an answer that is older than his question.</summary>
public sealed class SharedLookTests : IDisposable
{
    private readonly SemaphoreSlim begun = new(0);
    private readonly SemaphoreSlim answers = new(0);
    private readonly SharedLook look;
    private int looks;

    public SharedLookTests() => look = new(ObserveAsync);

    public void Dispose()
    {
        begun.Dispose();
        answers.Dispose();
    }

    [Fact]
    public async Task One_look_serves_all_who_asked_before_it_began()
    {
        var first = look.ObserveAsync(default);
        await begun.WaitAsync();

        // The look that is under way may have missed what these ask about.
        var others = Enumerable.Range(0, 50).Select(_ => look.ObserveAsync(default)).ToList();
        Assert.Equal(1, looks);
        answers.Release();
        await first;
        await begun.WaitAsync();
        Assert.All(others, other => Assert.False(other.IsCompleted));
        answers.Release();
        var seen = await Task.WhenAll(others);

        Assert.Equal(2, looks);
        Assert.Single(seen.Distinct(ReferenceEqualityComparer.Instance));
        answers.Release();
        Assert.NotSame(seen[0], await look.ObserveAsync(default));
    }

    [Fact]
    public async Task Who_goes_away_ends_nobody_elses_waiting()
    {
        using var going = new CancellationTokenSource();
        var (gone, stays) = (look.ObserveAsync(going.Token), look.ObserveAsync(default));
        await begun.WaitAsync();
        await going.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        answers.Release();
        await stays;
    }

    private async Task<Observation> ObserveAsync()
    {
        Interlocked.Increment(ref looks);
        begun.Release();
        await answers.WaitAsync();
        return new([], []);
    }
}
