using Holdfast.Core.Problems;
using Holdfast.Node.Incidents;
using Holdfast.Packaging.Tests.Kit;
using Holdfast.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Holdfast.Node.Tests.Incidents;

/// <summary>Who decides is never kept waiting, and what could not be kept is counted.</summary>
public sealed class DecisionRecorderTests : IDisposable
{
    private readonly TempFolder root = new();
    private readonly CancellationTokenSource ending = new();

    private string Folder => root["decisions"];

    public void Dispose()
    {
        ending.Dispose();
        root.Dispose();
    }

    [Fact]
    public async Task Decisions_are_kept_and_numbered_over_all_lives_of_the_agent()
    {
        for (var life = 0; life < 3; life++)
        {
            using var end = new CancellationTokenSource();
            var recorder = Recorder(new DecisionRing(Folder));
            recorder.Keep("payments", MadeDecisions.One);
            var running = recorder.RunAsync(end.Token);
            recorder.Keep("", MadeDecisions.Lease);
            await recorder.SettleAsync(default);
            Assert.Equal((3 * life) + 2, MadeDecisions.Numbers(new(Folder))[^1]);
            // What is decided at the very end is kept, too.
            recorder.Keep("payments", MadeDecisions.One);
            await end.CancelAsync();
            await running;
        }

        Assert.Equal(Enumerable.Range(1, 9).Select(number => (long)number), MadeDecisions.Numbers(new(Folder)));
    }

    [Fact]
    public async Task A_disk_that_does_not_answer_keeps_nobody_waiting_and_what_finds_no_room_is_missed()
    {
        var ring = new BlockedRing(new DecisionRing(Folder));
        var recorder = Recorder(ring);
        var running = recorder.RunAsync(ending.Token);
        recorder.Keep("payments", MadeDecisions.One);
        await ring.IsWriting;

        const int more = 2 * DecisionRecorder.MostWaiting;
        await Task.Run(() =>
        {
            for (var i = 0; i < more; i++) recorder.Keep("payments", MadeDecisions.One);
        }).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Empty(MadeDecisions.Numbers(new(Folder)));
        var taking = new IncidentTaking("node-1", "bank", "0.2.0", recorder, new(Folder), TimeProvider.System);
        var bundle = MadeDecisions.Read((await taking.TakeAsync("", null, default)).Value).Value;
        Assert.Equal((0, 1 + more), (bundle.Decisions.Count, (int)bundle.End.Lost));

        ring.Release();
        await Eventually.SeeAsync("what had found room", () => MadeDecisions.Numbers(new(Folder)).Count == 1 + DecisionRecorder.MostWaiting);
        recorder.Keep("payments", MadeDecisions.One);
        await Eventually.SeeAsync("the next one", () => MadeDecisions.Numbers(new(Folder))[^1] == 2 + more);
        bundle = MadeDecisions.Read((await taking.TakeAsync("", null, default)).Value).Value;
        Assert.Equal((2 + DecisionRecorder.MostWaiting, DecisionRecorder.MostWaiting), (bundle.Decisions.Count, (int)bundle.End.Lost));
        await ending.CancelAsync();
        await running;
    }

    [Fact]
    public async Task An_agent_ends_though_the_disk_does_not_answer()
    {
        var ring = new BlockedRing(new DecisionRing(Folder));
        var recorder = Recorder(ring);
        var running = recorder.RunAsync(ending.Token);
        recorder.Keep("payments", MadeDecisions.One);
        await ring.IsWriting;
        await ending.CancelAsync();
        await running.WaitAsync(TimeSpan.FromMinutes(1));
        ring.Release();
    }

    [Fact]
    public async Task A_disk_that_fails_loses_what_was_decided_meanwhile_and_nothing_after()
    {
        // Where the folder should be there is a file.
        await File.WriteAllTextAsync(Folder, "");
        var recorder = Recorder(new DecisionRing(Folder));
        var running = recorder.RunAsync(ending.Token);
        for (var i = 0; i < 5; i++) recorder.Keep("payments", MadeDecisions.One);
        await recorder.SettleAsync(default);
        Assert.Null(recorder.LastNumber);
        File.Delete(Folder);
        recorder.Keep("payments", MadeDecisions.One);
        await recorder.SettleAsync(default);
        Assert.Equal([6], MadeDecisions.Numbers(new(Folder)));

        // The same in the middle of its life.
        Directory.Delete(Folder, recursive: true);
        recorder.Keep("payments", MadeDecisions.One);
        await recorder.SettleAsync(default);
        Directory.CreateDirectory(Folder);
        recorder.Keep("payments", MadeDecisions.One);
        await recorder.SettleAsync(default);
        Assert.Equal([8], MadeDecisions.Numbers(new(Folder)));
        Assert.Equal(8, recorder.LastNumber);
        await ending.CancelAsync();
        await running;
    }

    private static DecisionRecorder Recorder(IDecisionRing ring) => new("node-1", "0.2.0", ring, TimeProvider.System, NullLogger<DecisionRecorder>.Instance);

    /// <summary>A fake of a disk that hangs: the first writing ends when somebody says so.</summary>
    private sealed class BlockedRing(DecisionRing ring) : IDecisionRing
    {
        private readonly TaskCompletionSource writing = new(TaskCreationOptions.RunContinuationsAsynchronously), released = new();

        public Task IsWriting => writing.Task;

        public void Release() => released.SetResult();

        public Outcome<long> Open() => ring.Open();

        public Outcome<Done> Append(IReadOnlyList<DecisionLine> lines)
        {
            writing.TrySetResult();
            released.Task.Wait();
            return ring.Append(lines);
        }
    }
}
