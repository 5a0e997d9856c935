using Holdfast.Core.Auditing;
using Holdfast.Segments;
using Holdfast.Telemetry.Auditing;
using Holdfast.Testing.Storage;

namespace Holdfast.Telemetry.Tests.Auditing;

/// <summary>The entries of a log in a stream's segments: each once, whoever is killed when, and whatever becomes of the log.</summary>
public sealed class AuditCopyTests : IDisposable
{
    private readonly LogFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Law06_each_entry_is_there_once_wherever_copying_ends_and_begins_again()
    {
        var random = new Random(7);
        using var log = folder.Open();
        AuditCopy? copy = null;
        for (var round = 0; round < 200; round++)
        {
            for (var entries = random.Next(5); entries > 0; entries--) Append(log, $"s{round}");
            copy ??= CopiedLog.Open(folder.Path, folder.Clock);
            if (random.Next(3) > 0) Assert.Null(copy.Turn(log.Head, out _));
            if (random.Next(4) > 0) continue;
            copy.Dispose();
            copy = null;
            // As a kill leaves it in the middle of a write: any part of the last block.
            if (random.Next(2) == 0) Tear(random);
        }

        copy?.Dispose();
        CopiedLog.CopyAll(folder.Path, log.Head, folder.Clock);
        Assert.Equal(Sequences(1, log.Head.Sequence), CopiedLog.Entries(folder.Path).Select(entry => entry.Sequence));
        Assert.All(CopiedLog.Lines(folder.Path), line => Assert.Equal(StreamKind.Audit, line.Stream));
        Assert.Equal(AuditReader.Read(folder.Path, new()).Select(entry => entry.Hash), CopiedLog.Entries(folder.Path).Select(entry => entry.Hash));
    }

    [Fact]
    public async Task Law06_each_entry_is_there_once_although_the_process_is_killed_again_and_again()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3), TimeProvider.System);
        var random = new Random(11);
        for (var kill = 0; kill < 6; kill++)
        {
            using var process = CrashingProcess.Start(typeof(Program).Assembly.Location, "copy", folder.Path);
            await process.KillAfterAsync(random.Next(1, 60), deadline.Token);
        }

        using var log = LogFolder.Open(folder.Path, TimeProvider.System).Value;
        CopiedLog.CopyAll(folder.Path, log.Head, TimeProvider.System);
        Assert.Equal(Sequences(1, log.Head.Sequence), CopiedLog.Entries(folder.Path).Select(entry => entry.Sequence));
    }

    [Fact]
    public void Nothing_behind_the_end_that_is_on_the_disk_is_copied()
    {
        using var log = folder.Open();
        Append(log, "one");
        var head = log.Head;
        Append(log, "two");
        CopiedLog.CopyAll(folder.Path, head, folder.Clock);
        Assert.Equal(Sequences(1, head.Sequence), CopiedLog.Entries(folder.Path).Select(entry => entry.Sequence));
    }

    [Fact]
    public void A_long_log_comes_in_several_turns()
    {
        using var log = folder.Open();
        Parallel.For(0, 2500, _ => Append(log, new('x', 2000)));
        using var copy = CopiedLog.Open(folder.Path, folder.Clock);
        Assert.Null(copy.Turn(log.Head, out var hasMore));
        Assert.True(hasMore);
        Assert.InRange(copy.Copied.Sequence, 1, log.Head.Sequence - 1);
        CopiedLog.CopyAll(copy, log.Head);
        Assert.Equal(Sequences(1, log.Head.Sequence), CopiedLog.Entries(folder.Path).Select(entry => entry.Sequence));
    }

    [Fact]
    public void Law06_entries_that_were_retired_before_they_were_copied_are_a_loss_in_words()
    {
        using var log = folder.Open(LogFolder.Options with { Retention = AuditRetirement.Shortest });
        CopiedLog.CopyAll(folder.Path, log.Head, folder.Clock);
        Append(log, "never seen");
        folder.Clock.Advance(TimeSpan.FromDays(300));
        Append(log, "late");
        Assert.NotEmpty(log.Retire().Value);
        CopiedLog.CopyAll(folder.Path, log.Head, folder.Clock);
        var loss = Assert.Single(CopiedLog.Lines(folder.Path), line => line.Loss is not null);
        Assert.Equal(1, loss.Loss!.Lines);
        Assert.Equal("1 line of audit lost: they were retired before they were copied, or cannot be read any more", loss.Text);
        Assert.Equal(Sequences(1, log.Head.Sequence).Where(sequence => sequence != 2), CopiedLog.Entries(folder.Path).Select(entry => entry.Sequence));
    }

    [Fact]
    public void However_long_nothing_came_nothing_is_copied_twice()
    {
        using var log = folder.Open();
        Append(log, "one");
        for (var year = 0; year < 3; year++)
        {
            using var copy = CopiedLog.Open(folder.Path, folder.Clock);
            CopiedLog.CopyAll(copy, log.Head);
            folder.Clock.Advance(TimeSpan.FromDays(365));
            copy.Maintain();
        }

        Assert.Equal([1L, 2], CopiedLog.Entries(folder.Path).Select(entry => entry.Sequence));
    }

    [Fact]
    public void Law06_an_entry_that_cannot_be_read_is_a_loss_and_the_next_one_comes()
    {
        using var log = folder.Open();
        for (var entry = 0; entry < 5; entry++) Append(log, $"s{entry}");
        var file = folder.Files[^1];
        var lines = File.ReadAllLines(file);
        lines[2] = lines[2].Replace("alice", "mallo", StringComparison.Ordinal)[..^5];
        File.WriteAllText(file, string.Join('\n', lines) + "\n");
        CopiedLog.CopyAll(folder.Path, log.Head, folder.Clock);
        Assert.Equal([1L, 2, 4, 5, 6], CopiedLog.Entries(folder.Path).Select(entry => entry.Sequence));
        Assert.Equal(1, Assert.Single(CopiedLog.Lines(folder.Path), line => line.Loss is not null).Loss!.Lines);
    }

    [Fact]
    public void Law07_a_log_that_was_set_back_is_told_and_what_is_new_in_it_comes_once()
    {
        folder.Write(3);
        var kept = Copy(folder.Path);
        var head = folder.Write(4);
        CopiedLog.CopyAll(folder.Path, head, folder.Clock);
        var before = CopiedLog.Entries(folder.Path);
        foreach (var written in (int[])[0, 20])
        {
            Restore(kept);
            // Shorter than what was copied, and longer.
            head = folder.Write(written);
            CopiedLog.CopyAll(folder.Path, head, folder.Clock);
            CopiedLog.CopyAll(folder.Path, head, folder.Clock);
        }

        var notes = CopiedLog.Lines(folder.Path).Where(line => line.Stream == StreamKind.Holdfast).Select(line => line.Text).ToList();
        Assert.Equal(2, notes.Count);
        Assert.All(notes, note => Assert.EndsWith("it was set back, or is another one. What follows are its entries behind 5", note, StringComparison.Ordinal));
        var entries = CopiedLog.Entries(folder.Path);
        Assert.Equal(before.Select(entry => entry.Hash), entries.Take(before.Count).Select(entry => entry.Hash));
        Assert.Equal(entries.Count, entries.Select(entry => entry.Hash).Distinct().Count());
        Assert.Superset(AuditReader.Read(folder.Path, new()).Select(entry => entry.Hash).ToHashSet(), entries.Select(entry => entry.Hash).ToHashSet());
    }

    [Fact]
    public void Law07_another_log_is_told_and_copied_from_its_beginning()
    {
        CopiedLog.CopyAll(folder.Path, folder.Write(10), folder.Clock);
        Directory.Delete(folder.Path, recursive: true);
        var head = folder.Write(2);
        CopiedLog.CopyAll(folder.Path, head, folder.Clock);
        Assert.EndsWith("What follows are its entries behind 0", Assert.Single(CopiedLog.Lines(folder.Path), line => line.Stream == StreamKind.Holdfast).Text, StringComparison.Ordinal);
        Assert.Equal([.. Sequences(1, 12), .. Sequences(1, head.Sequence)], CopiedLog.Entries(folder.Path).Select(entry => entry.Sequence));
    }

    [Fact]
    public void Law07_entries_that_do_not_follow_each_other_stop_nothing()
    {
        using var log = folder.Open();
        Append(log, "one");
        CopiedLog.CopyAll(folder.Path, log.Head, folder.Clock);
        Append(log, "two");
        Append(log, "three");
        // What was copied stands, and what follows it is of another chain.
        var file = folder.Files[^1];
        var lines = File.ReadAllLines(file);
        var forged = AuditChain.Next(new(2, new('b', 64)), LogFolder.Record("forged"), "node-1", folder.Clock.GetUtcNow());
        lines[2] = System.Text.Encoding.UTF8.GetString(AuditLine.Format(forged)).TrimEnd('\n');
        File.WriteAllText(file, string.Join('\n', lines) + "\n");
        CopiedLog.CopyAll(folder.Path, log.Head, folder.Clock);
        Assert.Equal(["audit", "one", "forged", "three"], CopiedLog.Entries(folder.Path).Select(entry => entry.Target));
        Assert.Equal(2, CopiedLog.Lines(folder.Path).Count(line => line.Stream == StreamKind.Holdfast));
    }

    [Fact]
    public void Who_wants_what_comes_gets_no_older_entries()
    {
        using var log = folder.Open();
        Append(log, "old");
        using (var copy = CopiedLog.Open(folder.Path, folder.Clock))
        {
            Assert.Null(copy.BeginBehind(log.Head));
            CopiedLog.CopyAll(copy, log.Head);
        }

        Append(log, "new");
        using (var copy = CopiedLog.Open(folder.Path, folder.Clock))
        {
            // It is kept where it began: what came meanwhile is not left out.
            Assert.Null(copy.BeginBehind(log.Head));
            CopiedLog.CopyAll(copy, log.Head);
        }

        Assert.Equal("new", Assert.Single(CopiedLog.Entries(folder.Path)).Target);
    }

    [Fact]
    public void Law06_what_the_disk_does_not_take_is_copied_when_it_does()
    {
        using var log = folder.Open();
        Append(log, "one");
        using var copy = CopiedLog.Open(folder.Path, folder.Clock);
        // Where the folder should be stands a file.
        Directory.Delete(CopiedLog.Of(folder.Path));
        File.WriteAllText(CopiedLog.Of(folder.Path), "");
        Assert.NotNull(copy.Turn(log.Head, out _));
        File.Delete(CopiedLog.Of(folder.Path));
        Directory.CreateDirectory(CopiedLog.Of(folder.Path));
        CopiedLog.CopyAll(copy, log.Head);
        Assert.Equal([1L, 2], CopiedLog.Entries(folder.Path).Select(entry => entry.Sequence));
    }

    private static void Append(AuditLog log, string target) => Assert.True(log.Append(LogFolder.Record(target)).IsOk);

    private static IEnumerable<long> Sequences(long first, long last)
    {
        for (var sequence = first; sequence <= last; sequence++) yield return sequence;
    }

    private void Tear(Random random)
    {
        var segments = Directory.Exists(CopiedLog.Of(folder.Path)) ? Directory.GetFiles(CopiedLog.Of(folder.Path), "*.seg") : [];
        if (segments.Order(StringComparer.Ordinal).LastOrDefault() is not { } last) return;
        using var file = File.OpenWrite(last);
        // What was copied before may go with it, as by a power cut: it is copied again.
        file.SetLength(Math.Max(64, file.Length - random.Next(1, 2000)));
    }

    private static Dictionary<string, byte[]> Copy(string from) => Directory.GetFiles(from).ToDictionary(file => file, File.ReadAllBytes);

    private void Restore(Dictionary<string, byte[]> kept)
    {
        Directory.Delete(folder.Path, recursive: true);
        Directory.CreateDirectory(folder.Path);
        foreach (var (file, content) in kept) File.WriteAllBytes(file, content);
    }
}
