using Holdfast.Node.Operations;

namespace Holdfast.Node.Tests.Operations;

public sealed class WakeUpTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly WakeUp wakeUp = new(TimeProvider.System);

    public void Dispose() => wakeUp.Dispose();

    [Fact]
    public async Task What_is_mentioned_ends_a_wait_and_no_rest()
    {
        wakeUp.Mention();
        using var over = new CancellationTokenSource();
        var rest = wakeUp.RestAsync(Long, over.Token);
        Assert.False(rest.IsCompleted);
        await over.CancelAsync();
        await rest.WaitAsync(Patience);
        await wakeUp.WaitAsync(Long, CancellationToken.None).WaitAsync(Patience);
    }

    [Fact]
    public async Task A_call_ends_a_rest_and_the_wait_after_it()
    {
        var rest = wakeUp.RestAsync(Long, CancellationToken.None);
        wakeUp.Call();
        await rest.WaitAsync(Patience);
        await wakeUp.WaitAsync(Long, CancellationToken.None).WaitAsync(Patience);
    }

    [Fact]
    public async Task A_call_that_was_seen_ends_no_later_rest()
    {
        wakeUp.Call();
        await wakeUp.WaitAsync(Long, CancellationToken.None).WaitAsync(Patience);
        using var over = new CancellationTokenSource();
        var rest = wakeUp.RestAsync(Long, over.Token);
        Assert.False(rest.IsCompleted);
        await over.CancelAsync();
        await rest.WaitAsync(Patience);
    }
}
