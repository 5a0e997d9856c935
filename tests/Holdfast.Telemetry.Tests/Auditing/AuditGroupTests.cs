using Holdfast.Core.Auditing;
using Holdfast.Core.Problems;
using Holdfast.Telemetry.Auditing;

namespace Holdfast.Telemetry.Tests.Auditing;

/// <summary>Entries of many writers at once: those that come while others are being written are written together.</summary>
public sealed class AuditGroupTests : IDisposable
{
    private readonly LogFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Law07_those_who_wait_for_the_disk_are_written_together_and_each_gets_its_own_entry()
    {
        const int writers = 64;
        using var go = new ManualResetEventSlim();
        var asked = 0;
        var holds = false;
        var options = LogFolder.Options with
        {
            // The first entry holds the log until all others have come to wait for it.
            Clock = () =>
            {
                if (Volatile.Read(ref holds)) go.Wait();
                return "synchronised";
            },
            Redact = text =>
            {
                if (text.StartsWith('s')) Interlocked.Increment(ref asked);
                return text;
            },
        };
        List<AuditEntry> entries;
        using (var log = LogFolder.Open(folder.Path, new MovingTime(), options).Value)
        {
            Volatile.Write(ref holds, true);
            var answers = Enumerable.Range(0, writers)
                .Select(i => Task.Factory.StartNew(() => log.Append(LogFolder.Record($"s{i}")).Value, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))
                .ToList();
            SpinWait.SpinUntil(() => Volatile.Read(ref asked) == writers);
            go.Set();
            entries = [.. (await Task.WhenAll(answers)).OrderBy(entry => entry.Sequence)];
        }

        Assert.Equal(Enumerable.Range(0, writers).Select(i => $"s{i}").Order(), entries.Select(entry => entry.Target).Order());
        Assert.Equal(Enumerable.Range(0, writers).Select(i => entries[0].Sequence + i), entries.Select(entry => entry.Sequence));
        Assert.True(entries.Select(entry => entry.At).Distinct().Count() < writers / 2, "each was written by itself");
        Assert.Equal(entries.Select(entry => entry.Hash), AuditReader.Read(folder.Path, new AuditQuery { Operation = "op-1" }).Select(entry => entry.Hash));
        var verdict = folder.Verify();
        Assert.True(verdict.Whole, string.Join("\n", verdict.Findings));
    }

    [Fact]
    public void Law11_of_entries_that_were_written_together_a_power_cut_may_keep_any_part_and_those_before_stay()
    {
        var head = folder.Write(3);
        var length = new FileInfo(folder.Files[^1]).Length;
        string[] others = ["head", "tree", "checkpoint"];
        var before = others.Select(name => File.ReadAllBytes(folder.In(name))).ToList();
        folder.Write(4);
        // Of what was written since, the first part did not reach the disk, and of what is beside it nothing did.
        var bytes = File.ReadAllBytes(folder.Files[^1]);
        bytes.AsSpan((int)length + 100, 40).Clear();
        File.WriteAllBytes(folder.Files[^1], bytes);
        foreach (var (name, content) in others.Zip(before)) File.WriteAllBytes(folder.In(name), content);

        using (folder.Open())
        {
            var recovered = Assert.Single(AuditReader.Read(folder.Path, new AuditQuery()), entry => entry.Action == AuditAction.Recovered);
            Assert.Equal((bytes.Length - length).ToString(System.Globalization.CultureInfo.InvariantCulture), recovered.Details["bytes"]);
        }

        Assert.Equal(head.Sequence, AuditReader.Read(folder.Path, new AuditQuery()).Last(entry => entry.Sequence <= head.Sequence).Sequence);
        var verdict = folder.Verify(head);
        Assert.True(verdict.Whole, string.Join("\n", verdict.Findings));
    }

    /// <summary>Whoever writes for the others: nobody is forgotten, nobody gets another's answer, and a failure is that of those who were written with it.</summary>
    [Fact]
    public async Task Law07_of_many_writers_each_gets_the_answer_to_its_own_record()
    {
        const int writers = 32, each = 300;
        var (running, written, good) = (0, 0, 0);
        var waiting = new WaitingRecords(records =>
        {
            Assert.Equal(1, Interlocked.Increment(ref running));
            written += records.Count;
            Thread.Yield();
            Interlocked.Decrement(ref running);
            if (records.Any(record => record.Target.EndsWith(".77", StringComparison.Ordinal))) throw new InvalidOperationException(records[0].Target);
            return records.Any(record => record.Target.EndsWith(".55", StringComparison.Ordinal))
                ? AuditProblem.NotWritten("folder", new IOException("full"))
                : Outcome.Of<IReadOnlyList<AuditEntry>>([.. records.Select(record => AuditChain.Next(AuditHead.Origin, record, "node-1", DateTimeOffset.UnixEpoch))]);
        });
        var threads = Enumerable.Range(0, writers).Select(writer => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < each; i++)
                {
                    var target = $"{writer}.{i}";
                    try
                    {
                        var answer = waiting.Write(LogFolder.Record(target));
                        if (answer.IsOk) Assert.Equal(target, answer.Value.Target);
                        else Assert.Equal("audit.not-written", Assert.Single(answer.Problems).Rule);
                        Assert.False(target.EndsWith(".55", StringComparison.Ordinal) && answer.IsOk);
                        if (answer.IsOk) Interlocked.Increment(ref good);
                    }
                    catch (InvalidOperationException)
                    {
                        // It was written with one that fails so.
                    }
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default));
        await Task.WhenAll([.. threads]).WaitAsync(TimeSpan.FromMinutes(2), TimeProvider.System);
        Assert.Equal(writers * each, written);
        // Of 300 targets two fail, and who waits with one of them.
        Assert.InRange(good, writers, writers * (each - 2));
    }

    /// <summary>Each look at it is a later time.</summary>
    private sealed class MovingTime : TimeProvider
    {
        private long seconds;

        public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(Interlocked.Increment(ref seconds));
    }
}
