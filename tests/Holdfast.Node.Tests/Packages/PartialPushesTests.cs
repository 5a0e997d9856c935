using Holdfast.Node.Packages;
using Holdfast.Platform;

namespace Holdfast.Node.Tests.Packages;

public sealed class PartialPushesTests : IDisposable
{
    private static readonly string Digest = "sha256:" + new string('a', 64);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("holdfast-pushes-");
    private readonly PartialPushes pushes;

    public PartialPushesTests() => pushes = new(new Home(folder.FullName), TimeProvider.System);

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Who_comes_later_overtakes_who_holds_the_turn()
    {
        var first = await pushes.EnterAsync(Digest, default);
        var later = pushes.EnterAsync(Digest, default);

        Assert.True(first.Overtaken.IsCancellationRequested);
        Assert.False(later.IsCompleted);
        first.Dispose();
        using var turn = await later.WaitAsync(Patience);
        Assert.False(turn.Overtaken.IsCancellationRequested);
    }

    [Fact]
    public async Task Of_many_only_the_last_goes_on()
    {
        var first = await pushes.EnterAsync(Digest, default);
        var others = Enumerable.Range(0, 5).Select(_ => pushes.EnterAsync(Digest, default)).ToList();
        first.Dispose();

        var goOn = 0;
        foreach (var other in others)
        {
            using var turn = await other.WaitAsync(Patience);
            if (!turn.Overtaken.IsCancellationRequested) goOn++;
        }

        Assert.Equal(1, goOn);
        using var next = await pushes.EnterAsync(Digest, default);
        Assert.False(next.Overtaken.IsCancellationRequested);
    }

    [Fact]
    public async Task Who_gives_up_waiting_is_forgotten()
    {
        using var stop = new CancellationTokenSource();
        var first = await pushes.EnterAsync(Digest, default);
        var waiting = pushes.EnterAsync(Digest, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        first.Dispose();

        using var next = await pushes.EnterAsync(Digest, default);
        Assert.False(next.Overtaken.IsCancellationRequested);
    }
}
