using Holdfast.Core.Auditing;
using Holdfast.Core.Auditing.Tree;
using Holdfast.Telemetry.Auditing;

namespace Holdfast.Telemetry.Tests.Auditing;

public sealed class AuditTreeTests : IDisposable
{
    private readonly LogFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Law07_the_checkpoint_signs_the_lines_as_they_stand_in_the_files()
    {
        folder.Write(20, LogFolder.Options with { FileBytes = 2000 });
        Assert.True(folder.Files.Count > 2);
        var range = new TreeRange();
        foreach (var line in folder.Files.SelectMany(File.ReadAllLines))
            range.Append(TreeHash.Leaf(System.Text.Encoding.UTF8.GetBytes(line)));
        Assert.Equal((22, range.Root()), (folder.Checkpoint.Size, folder.Checkpoint.Root));
        Assert.Equal(folder.Checkpoint, folder.Verify().Checkpoint);
        Assert.Equal(LogFolder.Signer.Key.Pem, File.ReadAllText(folder.In("public.pem")));
    }

    [Fact]
    public void A_log_of_an_older_version_gets_its_tree_when_it_is_opened_and_its_lines_stay_as_they_are()
    {
        folder.Write(20, LogFolder.Options with { FileBytes = 2000, Signer = null });
        File.Delete(folder.In("tree"));
        var before = string.Concat(folder.Files.Select(File.ReadAllText));
        using (folder.Open())
        {
            Assert.Equal(22, folder.Checkpoint.Size);
            Assert.StartsWith(before, string.Concat(folder.Files.Select(File.ReadAllText)), StringComparison.Ordinal);
        }

        Assert.True(folder.Verify().Whole, string.Join("\n", folder.Verify().Findings));
        var opened = AuditReader.Read(folder.Path, new()).Last(entry => entry.Action == AuditAction.Opened);
        Assert.Equal((folder.Checkpoint.Origin, LogFolder.Signer.Key.Fingerprint), (opened.Details["origin"], opened.Details["publicKeySha256"]));
    }

    [Fact]
    public void An_agent_of_an_older_version_in_between_leaves_entries_that_the_tree_takes_later()
    {
        folder.Write(3);
        var origin = folder.Checkpoint.Origin;
        var tree = File.ReadAllBytes(folder.In("tree"));
        folder.Write(5, LogFolder.Options with { Signer = null });
        File.WriteAllBytes(folder.In("tree"), tree);
        folder.Write(1);
        Assert.True(folder.Verify().Whole, string.Join("\n", folder.Verify().Findings));
        Assert.Equal((origin, 15), (folder.Checkpoint.Origin, folder.Checkpoint.Size));
    }

    [Fact]
    public void A_checkpoint_is_signed_after_so_many_entries_and_after_so_long_and_at_the_end()
    {
        using var log = folder.Open(LogFolder.Options with { CheckpointEntries = 10, CheckpointAfter = TimeSpan.FromSeconds(30) });
        Assert.Equal(0, folder.Checkpoint.Size);
        folder.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(0, folder.Checkpoint.Size);
        folder.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, folder.Checkpoint.Size);
        folder.Clock.Advance(TimeSpan.FromHours(1));
        for (var i = 0; i < 9; i++)
            log.Append(LogFolder.Record("a"));
        Assert.Equal(1, folder.Checkpoint.Size);
        log.Append(LogFolder.Record("a"));
        Assert.Equal(11, folder.Checkpoint.Size);
        log.Append(LogFolder.Record("a"));
        log.Dispose();
        Assert.Equal(13, folder.Checkpoint.Size);
    }

    [Fact]
    public void The_hashes_of_entries_are_written_with_the_checkpoint_that_signs_them_and_a_crash_before_costs_nothing()
    {
        using (var log = folder.Open(LogFolder.Options with { CheckpointEntries = 10 }))
        {
            for (var i = 0; i < 9; i++)
                log.Append(LogFolder.Record("a"));
            Assert.Equal((10, 32 * (1 + TreeNodes.Count(10))), (folder.Checkpoint.Size, new FileInfo(folder.In("tree")).Length));
            for (var i = 0; i < 9; i++)
                log.Append(LogFolder.Record("b"));
            Assert.Equal((10, 32 * (1 + TreeNodes.Count(10))), (folder.Checkpoint.Size, new FileInfo(folder.In("tree")).Length));
            Assert.Equal(19, AuditProof.Parse(log.Prove(19).Value.Format())!.Check(LogFolder.Signer.Key, out _)?.Entry.Sequence);
            Assert.Equal((19, 32 * (1 + TreeNodes.Count(19))), (folder.Checkpoint.Size, new FileInfo(folder.In("tree")).Length));
        }

        Assert.True(folder.Verify().Whole, string.Join("\n", folder.Verify().Findings));
    }

    [Fact]
    public void Law07_every_checkpoint_extends_every_one_before_it_over_restarts_and_retired_files()
    {
        var kept = new List<byte[]>();
        for (var round = 0; round < 8; round++)
        {
            using var log = folder.Open(LogFolder.Options with { Retention = AuditRetirement.Shortest, CheckpointEntries = 3, FileBytes = 1500 });
            for (var i = 0; i < 5; i++)
            {
                log.Append(LogFolder.Record($"s{i}"));
                kept.Add(folder.Note);
            }

            folder.Clock.Advance(TimeSpan.FromDays(60));
            _ = log.Retire();
            foreach (var note in kept)
                Assert.NotNull(log.Extend(note).Value.Check(LogFolder.Signer.Key, out _));
        }

        Assert.NotEqual(1, AuditReader.Read(folder.Path, new()).First().Sequence);
        Assert.True(folder.Verify().Whole, string.Join("\n", folder.Verify().Findings));
    }

    [Fact]
    public void Law07_every_entry_can_be_proven_and_a_retired_one_by_whoever_kept_it()
    {
        using var log = folder.Open(LogFolder.Options with { Retention = AuditRetirement.Shortest });
        for (var i = 0; i < 30; i++)
            log.Append(LogFolder.Record($"s{i}"));
        foreach (var entry in AuditReader.Read(folder.Path, new()))
        {
            var proof = AuditProof.Parse(log.Prove(entry.Sequence).Value.Format())!;
            Assert.Equal(entry.Hash, proof.Check(LogFolder.Signer.Key, out _)?.Entry.Hash);
        }

        var kept = System.Text.Encoding.UTF8.GetBytes(File.ReadLines(folder.Files[0]).ElementAt(6));
        folder.Clock.Advance(TimeSpan.FromDays(200));
        log.Append(LogFolder.Record("late"));
        Assert.Single(log.Retire().Value);
        var bare = log.Prove(7).Value;
        Assert.Null(bare.Entry);
        Assert.Equal(7, (bare with { Entry = kept }).Check(LogFolder.Signer.Key, out _)?.Entry.Sequence);
        Assert.Null((bare with { Entry = kept.AsMemory(0, kept.Length - 1) }).Check(LogFolder.Signer.Key, out _));
        Assert.Equal("audit.no-such-entry", Assert.Single(log.Prove(log.Head.Sequence + 1).Problems).Rule);
        Assert.Equal("audit.no-such-entry", Assert.Single(log.Prove(0).Problems).Rule);
    }

    [Fact]
    public void Law07_a_copy_that_goes_on_by_itself_is_another_log()
    {
        folder.Write(5);
        var kept = folder.Note;
        var origin = folder.Checkpoint.Origin;
        File.Delete(folder.In("checkpoint"));
        using (var log = folder.Open(LogFolder.Options with { IsCopy = true }))
        {
            Assert.NotEqual(origin, folder.Checkpoint.Origin);
            Assert.Equal("audit.other-log", Assert.Single(log.Extend(kept).Problems).Rule);
            var findings = LogFolder.VerifyExport(folder.Export(log), new() { Kept = Checkpoint.Open(kept, LogFolder.Signer.Key, out _) }).Findings;
            Assert.Equal(AuditFault.CheckpointChanged, Assert.Single(findings).Fault);
        }

        Assert.True(folder.Verify().Whole);
    }

    [Fact]
    public void Law07_a_restored_log_keeps_the_hashes_of_what_was_retired_before()
    {
        using (var log = folder.Open(LogFolder.Options with { Retention = AuditRetirement.Shortest }))
        {
            log.Append(LogFolder.Record("old"));
            folder.Clock.Advance(TimeSpan.FromDays(200));
            log.Append(LogFolder.Record("new"));
            Assert.Single(log.Retire().Value);
        }

        // As a backup holds it: without the checkpoint.
        File.Delete(folder.In("checkpoint"));
        using (folder.Open(LogFolder.Options with { IsCopy = true }))
            Assert.True(folder.Checkpoint.Size > 3);
        var verdict = folder.Verify();
        Assert.True(verdict.Whole, string.Join("\n", verdict.Findings));
        Assert.NotNull(verdict.Checkpoint);

        // And one of an older version, which had no tree: it begins with what is there.
        File.Delete(folder.In("checkpoint"));
        File.Delete(folder.In("tree"));
        var first = AuditReader.Read(folder.Path, new()).First().Sequence;
        using (var log = folder.Open(LogFolder.Options with { IsCopy = true }))
        {
            var export = folder.Export(log);
            Assert.True(LogFolder.VerifyExport(export).Whole, string.Join("\n", LogFolder.VerifyExport(export).Findings));
            Assert.Equal(first, AuditProof.Parse(log.Prove(first).Value.Format())!.Check(LogFolder.Signer.Key, out _)?.Entry.Sequence);
        }

        Assert.True(folder.Verify().Whole);
    }
}
