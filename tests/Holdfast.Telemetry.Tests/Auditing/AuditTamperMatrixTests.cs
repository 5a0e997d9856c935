using System.Text;
using Holdfast.Core.Auditing;
using Holdfast.Core.Auditing.Tree;
using Holdfast.Telemetry.Auditing;

namespace Holdfast.Telemetry.Tests.Auditing;

/// <summary>Each kind of tampering at each place: what was done to it, and what is said of it.</summary>
public sealed class AuditTamperMatrixTests : IDisposable
{
    private const int Entries = 20;

    private readonly LogFolder folder = new();
    private readonly LogFolder other = new();

    public void Dispose()
    {
        folder.Dispose();
        other.Dispose();
    }

    public static TheoryData<string, string, AuditFault> OfFolder { get; } = new()
    {
        { "entries", "change", AuditFault.Edited },
        { "entries", "remove", AuditFault.Removed },
        { "entries", "swap", AuditFault.Reordered },
        { "entries", "copy", AuditFault.Inserted },
        { "entries", "cut", AuditFault.Truncated },
        { "entries", "rewrite", AuditFault.TreeChanged },
        { "tree", "change", AuditFault.TreeChanged },
        { "tree", "delete", AuditFault.TreeChanged },
        { "tree", "cut", AuditFault.TreeChanged },
        { "tree", "replace", AuditFault.TreeChanged },
        { "checkpoint", "change", AuditFault.CheckpointChanged },
        { "checkpoint", "delete", AuditFault.CheckpointLost },
        { "checkpoint", "cut", AuditFault.CheckpointChanged },
        { "checkpoint", "replace", AuditFault.CheckpointChanged },
        { "checkpoint", "foreign key", AuditFault.CheckpointChanged },
        { "head", "delete", AuditFault.HeadLost },
    };

    [Theory]
    [MemberData(nameof(OfFolder))]
    public void Law07_tampering_with_the_folder_is_found(string place, string kind, AuditFault fault)
    {
        folder.Write(Entries);
        other.Write(Entries);
        Assert.True(folder.Verify().Whole);
        var path = place == "entries" ? folder.Files[0] : folder.In(place);
        if (kind == "replace")
            File.Copy(other.In(place), path, overwrite: true);
        else if (kind == "delete")
            File.Delete(path);
        else if (kind == "foreign key")
            File.WriteAllBytes(path, Foreign());
        else if (place == "entries")
            File.WriteAllLines(path, Tampered(File.ReadAllLines(path), kind));
        else
            File.WriteAllBytes(path, kind == "cut" ? File.ReadAllBytes(path)[..^40] : Flipped(File.ReadAllBytes(path), 45));
        if (kind == "rewrite")
            // Whoever rewrites the chain to its end rewrites the head as well: only what was signed is left to find it.
            File.WriteAllBytes(folder.In("head"), HeadOf(path));

        Assert.Contains(folder.Verify().Findings, finding => finding.Fault == fault);
        // A tree can be made again from the entries that were signed, and a change that the chain alone shows is the verifier's to find.
        if (place is "checkpoint" or "head" || kind is "cut" or "rewrite" && place == "entries")
            Assert.Equal("audit.damaged", folder.OpenRefused().Rule);
    }

    public static TheoryData<string, string, AuditFault> OfExport { get; } = new()
    {
        { "entries", "change", AuditFault.Edited },
        { "entries", "remove", AuditFault.Removed },
        { "entries", "swap", AuditFault.Reordered },
        { "entries", "copy", AuditFault.Inserted },
        { "entries", "cut", AuditFault.Removed },
        { "entries", "rewrite", AuditFault.Edited },
        { "entries and hashes", "change", AuditFault.Edited },
        { "entries and hashes", "remove", AuditFault.Removed },
        { "entries and hashes", "swap", AuditFault.Reordered },
        { "entries and hashes", "copy", AuditFault.Inserted },
        { "entries and hashes", "cut", AuditFault.TreeChanged },
        { "entries and hashes", "rewrite", AuditFault.TreeChanged },
        { "hashes", "change", AuditFault.ExportChanged },
        { "hashes", "swap", AuditFault.ExportChanged },
        { "hashes", "cut", AuditFault.ExportChanged },
        { "first lines", "from", AuditFault.TreeChanged },
        { "first lines", "to", AuditFault.TreeChanged },
        { "first lines", "first", AuditFault.ExportChanged },
        { "checkpoint", "change", AuditFault.CheckpointChanged },
        { "checkpoint", "replace", AuditFault.TreeChanged },
        { "checkpoint", "foreign key", AuditFault.CheckpointChanged },
        { "file", "cut", AuditFault.Truncated },
    };

    [Theory]
    [MemberData(nameof(OfExport))]
    public void Law07_tampering_with_an_export_is_found_with_the_public_key_alone(string place, string kind, AuditFault fault)
    {
        var parts = Parts(out var path);
        var notes = (Text: 1, Signatures: 2, Records: 3, Hashes: 4);
        switch (place)
        {
            case "entries" or "entries and hashes":
                parts[notes.Records] = string.Join('\n', Tampered(parts[notes.Records].Split('\n'), kind));
                if (place != "entries")
                    parts[notes.Hashes] = string.Concat(parts[notes.Records].Split('\n').Select(line => $"{TreeHash.Leaf(Encoding.UTF8.GetBytes(line))}\n"));
                break;
            case "hashes":
                parts[notes.Hashes] = string.Join('\n', Tampered(parts[notes.Hashes].TrimEnd('\n').Split('\n'), kind)) + "\n";
                break;
            case "first lines":
                parts[0] = kind switch
                {
                    "from" => parts[0].Replace("from 1\n", "from 2\n", StringComparison.Ordinal),
                    "first" => parts[0].Replace("first 1\nfrom 1", "first 2\nfrom 2", StringComparison.Ordinal).Replace($"to {Entries + 1}", $"to {Entries + 2}", StringComparison.Ordinal),
                    _ => parts[0].Replace($"to {Entries + 1}", $"to {Entries}", StringComparison.Ordinal),
                };
                break;
            case "checkpoint" when kind == "change":
                parts[notes.Text] = parts[notes.Text].Replace($"\n{Entries + 1}\n", $"\n{Entries}\n", StringComparison.Ordinal);
                break;
            case "checkpoint":
                other.Write(Entries - 1);
                var note = Encoding.UTF8.GetString(kind == "replace" ? other.Note : Foreign()).Split("\n\n");
                (parts[notes.Text], parts[notes.Signatures]) = (note[0], note[1].TrimEnd('\n'));
                break;
        }

        var text = string.Join("\n\n", parts);
        File.WriteAllText(path, place == "file" ? text[..^100] : text);
        var verdict = LogFolder.VerifyExport(path);
        Assert.Contains(verdict.Findings, finding => finding.Fault == fault);
        // What is changed, missing or moved is called by its number; a rewritten rest cannot be told from what was there before.
        if (place == "entries" && kind is "change" or "remove" or "swap" or "copy")
            Assert.All(verdict.Findings, finding => Assert.InRange(finding.Sequence, 8, 13));
    }

    [Fact]
    public void Law07_any_changed_byte_of_an_export_is_found()
    {
        _ = Parts(out var path);
        var whole = File.ReadAllBytes(path);
        Assert.True(LogFolder.VerifyExport(path).Whole);
        var random = new Random(17);
        for (var i = 0; i < 300; i++)
        {
            var at = random.Next(whole.Length);
            File.WriteAllBytes(path, Flipped(whole, at));
            var verified = AuditExportVerifier.Verify(path, LogFolder.Signer.Key, new(), CancellationToken.None);
            Assert.False(verified.IsOk && verified.Value.Whole, $"byte {at}");
        }
    }

    [Fact]
    public void Law07_an_export_that_leaves_out_its_beginning_or_end_is_found_unless_that_was_asked_for()
    {
        using var log = folder.Open();
        for (var i = 0; i < Entries; i++)
            log.Append(LogFolder.Record($"s{i}"));
        var part = folder.Export(log, 6, 15);
        Assert.Equal([AuditFault.Beheaded, AuditFault.Truncated], LogFolder.VerifyExport(part).Findings.Select(finding => finding.Fault));
        Assert.True(LogFolder.VerifyExport(part, new() { From = 6, To = 15 }).Whole);
        Assert.Equal([AuditFault.Removed, AuditFault.Truncated], LogFolder.VerifyExport(part, new() { From = 5, To = 16 }).Findings.Select(finding => finding.Fault));
        for (var from = 1; from <= Entries; from++)
        {
            for (var to = from; to <= Entries; to += 4)
            {
                var verdict = LogFolder.VerifyExport(folder.Export(log, from, to), new() { From = from, To = to });
                Assert.True(verdict.Whole, $"{from} to {to}: {string.Join("\n", verdict.Findings)}");
            }
        }
    }

    [Fact]
    public void Law07_an_entry_that_was_back_dated_is_found_and_a_clock_that_was_set_right_is_none()
    {
        using var log = folder.Open();
        log.Append(LogFolder.Record("a"));
        folder.Clock.StepWall(TimeSpan.FromMinutes(-1));
        log.Append(LogFolder.Record("b"));
        Assert.True(LogFolder.VerifyExport(folder.Export(log)).Whole);
        folder.Clock.StepWall(TimeSpan.FromDays(-3));
        log.Append(LogFolder.Record("c"));
        folder.Clock.StepWall(TimeSpan.FromDays(3));
        log.Append(LogFolder.Record("d"));
        var finding = Assert.Single(LogFolder.VerifyExport(folder.Export(log)).Findings);
        Assert.Equal((AuditFault.BackDated, 4L), (finding.Fault, finding.Sequence));
        Assert.True(LogFolder.VerifyExport(folder.Export(log), new() { Tolerance = TimeSpan.FromDays(4) }).Whole);
        Assert.True(folder.Verify().Whole, "the log is as it was written");
    }

    [Fact]
    public void Law07_a_log_that_was_rewritten_with_its_key_is_found_by_a_checkpoint_that_was_kept()
    {
        folder.Write(5);
        var kept = folder.Checkpoint;
        // Whoever has the key as well writes everything anew, and signs it under the same origin.
        using (var log = other.Open())
        {
            for (var i = 0; i < 9; i++)
                log.Append(LogFolder.Record("forged"));
            var path = other.Export(log);
            var forged = new Checkpoint(kept.Origin, other.Checkpoint.Size, other.Checkpoint.Root).Sign(LogFolder.Signer.Key, LogFolder.Signer.Sign);
            var parts = File.ReadAllText(path).Split("\n\n");
            var note = Encoding.UTF8.GetString(forged).Split("\n\n");
            (parts[1], parts[2]) = (note[0], note[1].TrimEnd('\n'));
            File.WriteAllText(path, string.Join("\n\n", parts));
            Assert.True(LogFolder.VerifyExport(path).Whole, "nothing but what was kept tells it");
            Assert.Equal(AuditFault.TreeChanged, Assert.Single(LogFolder.VerifyExport(path, new() { Kept = kept }).Findings).Fault);
        }

        using var own = folder.Open();
        Assert.True(LogFolder.VerifyExport(folder.Export(own), new() { Kept = kept }).Whole);
    }

    /// <summary>First lines, the two parts of the note, entries, hashes.</summary>
    private string[] Parts(out string path)
    {
        using var log = folder.Open();
        for (var i = 0; i < Entries; i++)
            log.Append(LogFolder.Record($"s{i}"));
        path = folder.Export(log);
        Assert.True(LogFolder.VerifyExport(path).Whole, string.Join("\n", LogFolder.VerifyExport(path).Findings));
        return File.ReadAllText(path).Split("\n\n");
    }

    /// <summary>Signed by somebody else, and right in all else.</summary>
    private byte[] Foreign()
    {
        var signer = AuditSigner.FromPem(AuditSigner.NewPem()).Value;
        return folder.Checkpoint.Sign(signer.Key, signer.Sign);
    }

    private static byte[] Flipped(byte[] content, int at)
    {
        var changed = content.ToArray();
        changed[at] ^= 1;
        return changed;
    }

    private static List<string> Tampered(string[] lines, string kind)
    {
        var changed = lines.ToList();
        switch (kind)
        {
            case "change":
                changed[9] = changed[9].Replace("alice", "mallory", StringComparison.Ordinal);
                if (changed[9] == lines[9])
                    changed[9] = TreeHash.Empty.ToString();
                break;
            case "remove":
                changed.RemoveAt(9);
                break;
            case "swap":
                (changed[8], changed[12]) = (changed[12], changed[8]);
                break;
            case "copy":
                changed.Insert(10, changed[9]);
                break;
            case "cut":
                changed.RemoveAt(changed.Count - 1);
                break;
            case "rewrite":
                var head = AuditLine.Parse(Encoding.UTF8.GetBytes(changed[8] + "\n"), out _)!.Head;
                for (var i = 9; i < changed.Count; i++)
                {
                    var entry = AuditLine.Parse(Encoding.UTF8.GetBytes(changed[i] + "\n"), out _)!;
                    var record = new AuditRecord { Actor = i == 9 ? "mallory" : entry.Actor, Action = entry.Action, Target = entry.Target, Outcome = entry.Outcome, Operation = entry.Operation, Details = entry.Details };
                    var anew = AuditChain.Next(head, record, entry.Node, entry.At);
                    changed[i] = Encoding.UTF8.GetString(AuditLine.Format(anew)).TrimEnd('\n');
                    head = anew.Head;
                }

                break;
        }

        return changed;
    }

    private byte[] HeadOf(string path)
    {
        // A log that was written anew in another folder has a head of the same form.
        var last = AuditLine.Parse(Encoding.UTF8.GetBytes(File.ReadAllLines(path)[^1] + "\n"), out _)!;
        var slots = File.ReadAllBytes(other.In("head")).Chunk(128).ToArray();
        var text = $"{last.Sequence:D20} {last.Hash} ";
        var slot = Encoding.ASCII.GetBytes(text + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.ASCII.GetBytes(text)))[..41] + "\n");
        slots[last.Sequence % 2] = slot;
        slots[(last.Sequence + 1) % 2] = slot;
        return [.. slots.SelectMany(bytes => bytes)];
    }
}
