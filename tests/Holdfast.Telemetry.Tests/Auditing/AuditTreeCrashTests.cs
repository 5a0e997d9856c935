using Holdfast.Core.Auditing;
using Holdfast.Core.Auditing.Tree;
using Holdfast.Telemetry.Auditing;
using Holdfast.Testing.Storage;

namespace Holdfast.Telemetry.Tests.Auditing;

/// <summary>What crashes and power cuts leave of the tree's files, and what is made of it.</summary>
public sealed class AuditTreeCrashTests : IDisposable
{
    private readonly LogFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Law11_after_a_kill_every_checkpoint_that_was_seen_is_extended()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3), TimeProvider.System);
        var seen = new List<byte[]>();
        foreach (var lines in (int[])[1, 9, 40, 300])
        {
            using (var process = CrashingProcess.Start(typeof(Program).Assembly.Location, "append", folder.Path))
                await process.KillAfterAsync(lines, deadline.Token);
            seen.Add(folder.Note);
            using var log = LogFolder.Open(folder.Path, TimeProvider.System).Value;
            seen.Add(folder.Note);
            foreach (var note in seen)
                Assert.NotNull(log.Extend(note).Value.Check(LogFolder.Signer.Key, out _));
        }

        var verdict = folder.Verify();
        Assert.True(verdict.Whole, string.Join("\n", verdict.Findings));
        Assert.Equal(folder.Checkpoint, verdict.Checkpoint);
    }

    [Fact]
    public void Law11_what_stands_behind_the_checkpoint_is_made_again_whatever_a_power_cut_left_there()
    {
        var log = folder.Open();
        for (var i = 0; i < 11; i++)
            log.Append(LogFolder.Record($"s{i}"));
        folder.Clock.Advance(TimeSpan.FromMinutes(1));
        var signed = folder.Checkpoint;
        for (var i = 0; i < 7; i++)
            log.Append(LogFolder.Record($"t{i}"));
        Assert.Equal(signed, folder.Checkpoint);
        var disk = Copy();
        log.Dispose();
        Assert.Equal(20, folder.Checkpoint.Size);

        // The next checkpoint was about to be signed; and versions before this one wrote the hashes of each entry at once.
        var whole = File.ReadAllBytes(folder.In("tree"));
        var synced = 32 * (1 + (int)TreeNodes.Count(signed.Size));
        Assert.True(whole.Length > synced);
        for (var length = synced; length <= whole.Length; length += 8)
        {
            foreach (var rubbish in (bool[])[false, true])
            {
                Put(disk);
                var left = whole[..length];
                if (rubbish)
                    left.AsSpan(synced).Fill(0x5a);
                File.WriteAllBytes(folder.In("tree"), left);
                Assert.True(folder.Verify().Whole);
                using (var again = folder.Open())
                    Assert.NotNull(again.Extend(disk["checkpoint"]).Value.Check(LogFolder.Signer.Key, out _));
                var verdict = folder.Verify();
                Assert.True(verdict.Whole, string.Join("\n", verdict.Findings));
                Assert.Equal(signed.Origin, verdict.Checkpoint?.Origin);
                Assert.DoesNotContain(AuditReader.Read(folder.Path, new()), entry => entry.Action == AuditAction.Recovered);
            }
        }
    }

    [Fact]
    public void Law11_a_first_opening_that_was_cut_at_any_write_begins_again()
    {
        Dictionary<string, byte[]> begun;
        using (folder.Open())
        {
            Assert.Equal(0, folder.Checkpoint.Size);
            begun = Copy();
        }

        string[] order = ["tree", "checkpoint", "public.pem"];
        for (var there = 0; there <= order.Length; there++)
        {
            Put(order.Take(there).ToDictionary(name => name, name => name == "tree" ? begun[name][..32] : begun[name]));
            folder.Write(3);
            var verdict = folder.Verify();
            Assert.True(verdict.Whole, $"{there}: {string.Join("\n", verdict.Findings)}");
            Assert.Equal(5, verdict.Checkpoint?.Size);
        }
    }

    [Fact]
    public void Law11_a_tree_that_is_not_what_was_written_is_made_anew_where_the_entries_are_there_and_the_record_says_so()
    {
        folder.Write(9, LogFolder.Options with { FileBytes = 1500 });
        var disk = Copy();
        foreach (var damage in (Func<byte[], byte[]?>[])[_ => null, tree => tree[..100], tree => [.. tree[..^1], (byte)~tree[^1]], _ => [], tree => [.. "x"u8, .. tree[1..]]])
        {
            Put(disk);
            File.Delete(folder.In("tree"));
            if (damage(disk["tree"]) is { } left)
                File.WriteAllBytes(folder.In("tree"), left);
            Assert.Contains(folder.Verify().Findings, finding => finding.Fault == AuditFault.TreeChanged);
            using (var log = folder.Open())
                Assert.NotNull(log.Extend(disk["checkpoint"]).Value.Check(LogFolder.Signer.Key, out _));
            Assert.Equal("tree", Assert.Single(AuditReader.Read(folder.Path, new()), entry => entry.Action == AuditAction.Recovered).Details["file"]);
            Assert.True(folder.Verify().Whole);
        }
    }

    [Fact]
    public void Law07_a_damaged_tree_of_retired_entries_is_refused()
    {
        using (var log = folder.Open(LogFolder.Options with { Retention = AuditRetirement.Shortest }))
        {
            log.Append(LogFolder.Record("old"));
            folder.Clock.Advance(TimeSpan.FromDays(200));
            log.Append(LogFolder.Record("new"));
            Assert.Single(log.Retire().Value);
        }

        var tree = File.ReadAllBytes(folder.In("tree"));
        File.Delete(folder.In("tree"));
        Assert.Equal("audit.damaged", folder.OpenRefused().Rule);
        tree[40] ^= 1;
        File.WriteAllBytes(folder.In("tree"), tree);
        Assert.Contains(folder.Verify().Findings, finding => finding.Fault == AuditFault.TreeChanged);
    }

    [SmallVolumeFact]
    public void Law07_where_the_disk_is_full_no_checkpoint_is_signed_and_the_next_one_extends_the_last()
    {
        using var volume = SmallVolume.Mount(256);
        var path = Path.Combine(volume.Path, "audit");
        byte[] note;
        using (var log = LogFolder.Open(path, folder.Clock).Value)
        {
            Assert.True(log.Append(LogFolder.Record("before")).IsOk);
            folder.Clock.Advance(TimeSpan.FromMinutes(1));
            note = File.ReadAllBytes(Path.Combine(path, "checkpoint"));
            volume.Fill();
            while (log.Append(LogFolder.Record("full")).IsOk)
            {
            }

            folder.Clock.Advance(TimeSpan.FromMinutes(1));
            volume.Free();
            folder.Clock.Advance(TimeSpan.FromMinutes(1));
            Assert.NotNull(log.Extend(note).Value.Check(LogFolder.Signer.Key, out _));
            Assert.True(log.Append(LogFolder.Record("after")).IsOk);
        }

        var verdict = AuditVerifier.Verify(path, [], LogFolder.Signer.Key, CancellationToken.None).Value;
        Assert.True(verdict.Whole, string.Join("\n", verdict.Findings));
    }

    private Dictionary<string, byte[]> Copy() => Directory.GetFiles(folder.Path).ToDictionary(path => Path.GetFileName(path), ReadShared);

    private void Put(IReadOnlyDictionary<string, byte[]> disk)
    {
        if (Directory.Exists(folder.Path))
            Directory.Delete(folder.Path, recursive: true);
        Directory.CreateDirectory(folder.Path);
        foreach (var (name, content) in disk)
            File.WriteAllBytes(folder.In(name), content);
    }

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
    }
}
