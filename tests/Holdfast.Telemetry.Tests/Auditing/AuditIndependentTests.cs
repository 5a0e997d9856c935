using System.Diagnostics;
using Holdfast.Core.Auditing.Tree;
using Holdfast.Core.Auditing.Witnessing;
using Holdfast.Telemetry.Auditing;

namespace Holdfast.Telemetry.Tests.Auditing;

/// <summary>docs/audit-verify.py shares nothing with us: Python's hashlib, the recursive definitions of RFC 6962, and openssl for signatures.</summary>
public sealed class AuditIndependentTests : IDisposable
{
    private readonly LogFolder folder = new();

    public void Dispose() => folder.Dispose();

    [PythonFact]
    public async Task Law07_exports_proofs_and_extensions_hold_by_an_implementation_that_is_not_ours()
    {
        var kept = new List<byte[]>();
        using var log = folder.Open(LogFolder.Options with { CheckpointEntries = 1 });
        foreach (var count in (int[])[1, 2, 4, 6, 13, 27])
        {
            for (var i = 0; i < count; i++)
                log.Append(LogFolder.Record($"s{i}"));
            kept.Add(folder.Note);
        }

        foreach (var (from, to) in ((long?, long?)[])[(null, null), (1, 1), (5, 30), (33, 54), (8, 9), (54, null)])
            Assert.StartsWith("whole: entries ", await SayAsync(0, "export", folder.Export(log, from, to)), StringComparison.Ordinal);
        foreach (var sequence in (long[])[1, 2, 31, 32, 33, 53, 54])
            Assert.Equal($"proven: entry {sequence} of {folder.Checkpoint.Origin}", await SayAsync(0, "proof", Put(log.Prove(sequence).Value.Format())));
        foreach (var note in kept)
            Assert.StartsWith("extends: ", await SayAsync(0, "extension", Put(log.Extend(note).Value.Format())), StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task Law07_cosignatures_hold_by_it_too_and_those_that_lack_or_do_not_fit_are_said()
    {
        var (witness, other) = (AuditSigner.FromPem(AuditSigner.NewPem()).Value, AuditSigner.FromPem(AuditSigner.NewPem()).Value);
        string[] keys = [Put(witness.Key.Pem), Put(other.Key.Pem)];
        using var log = folder.Open();
        for (var i = 0; i < 20; i++)
            log.Append(LogFolder.Record($"s{i}"));
        var note = SignedNote.Parse(log.SignedCheckpoint(sign: true).Value.Note, out _)!;
        var line = Cosignature.Make(LogNames.Witness("node-2"), witness.Key, folder.Clock.GetUtcNow(), note.Text, witness.Sign);
        Assert.True(log.KeepCosigned((note with { Signatures = [.. note.Signatures, line] }).Format()).IsOk);
        var last = log.Head.Sequence;
        log.Append(LogFolder.Record("later"));

        var proof = Put(log.Prove(7).Value.Format());
        Assert.Equal($"cosigned by holdfast/node-2/witness at {folder.Clock.GetUtcNow().ToUnixTimeSeconds()}\nproven: entry 7 of {folder.Checkpoint.Origin}", await SayAsync(0, "proof", proof, keys[0]));
        Assert.Contains("has not cosigned", await SayAsync(1, "proof", proof, keys[1]), StringComparison.Ordinal);
        var export = Path.Combine(Path.GetDirectoryName(folder.Path)!, "export");
        using (var made = log.Export(null, null, last).Value)
        using (var file = File.Create(export))
        {
            foreach (var chunk in made.Chunks())
                file.Write(chunk.Span);
        }

        Assert.Contains($"whole: entries 1 to {last} of ", await SayAsync(0, "export", export, keys[0]), StringComparison.Ordinal);
        // Another time than the one that was signed.
        var bytes = line.Bytes.ToArray();
        bytes[7] ^= 1;
        Assert.True(log.KeepCosigned((note with { Signatures = [.. note.Signatures, line with { Bytes = bytes }] }).Format()).IsOk);
        Assert.Contains("the cosignature of holdfast/node-2/witness does not fit", await SayAsync(1, "proof", Put(log.Prove(7).Value.Format()), keys[0]), StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task Law07_what_was_tampered_with_does_not()
    {
        using var log = folder.Open();
        for (var i = 0; i < 20; i++)
            log.Append(LogFolder.Record($"s{i}"));
        log.Prove(20);
        var kept = folder.Note;
        for (var i = 0; i < 20; i++)
            log.Append(LogFolder.Record($"t{i}"));

        var export = await File.ReadAllTextAsync(folder.Export(log));
        Assert.Contains("not those that were signed", await SayAsync(1, "export", Put(export.Replace("\"target\":\"s3\"", "\"target\":\"x3\"", StringComparison.Ordinal))), StringComparison.Ordinal);
        Assert.Contains("signature does not fit", await SayAsync(1, "export", Put(export.Replace("\n41\n", "\n40\n", StringComparison.Ordinal))), StringComparison.Ordinal);
        var proof = System.Text.Encoding.UTF8.GetString(log.Prove(7).Value.Format());
        Assert.Contains("not in the tree", await SayAsync(1, "proof", Put(proof.Replace("index 6\n", "index 7\n", StringComparison.Ordinal))), StringComparison.Ordinal);
        var extension = log.Extend(kept).Value;
        Assert.Contains("does not begin", await SayAsync(1, "extension", Put((extension with { Path = [.. extension.Path.Reverse()] }).Format())), StringComparison.Ordinal);
    }

    private string Put(byte[] content)
    {
        var path = Path.Combine(Path.GetDirectoryName(folder.Path)!, Guid.NewGuid().ToString("n"));
        File.WriteAllBytes(path, content);
        return path;
    }

    private string Put(string content) => Put(System.Text.Encoding.UTF8.GetBytes(content));

    private async Task<string> SayAsync(int expected, string what, string file, params string[] witnesses)
    {
        var start = new ProcessStartInfo("python3", [Path.Combine(AppContext.BaseDirectory, "audit-verify.py"), what, file, folder.In("public.pem"), .. witnesses])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var python = Process.Start(start)!;
        var said = (await python.StandardOutput.ReadToEndAsync() + await python.StandardError.ReadToEndAsync()).Trim();
        await python.WaitForExitAsync();
        Assert.True(python.ExitCode == expected, said);
        return said;
    }
}
