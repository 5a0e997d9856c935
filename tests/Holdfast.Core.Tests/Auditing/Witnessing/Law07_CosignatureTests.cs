using System.Text;
using Holdfast.Core.Auditing.Tree;
using Holdfast.Core.Auditing.Witnessing;

namespace Holdfast.Core.Tests.Auditing.Witnessing;

public sealed class Law07_CosignatureTests : IDisposable
{
    private static readonly DateTimeOffset At = new(2026, 11, 27, 8, 0, 0, 500, TimeSpan.Zero);

    private readonly SimulatedLog log = new();
    private readonly SimulatedLog witness = new("node-1"), other = new("node-3");

    public Law07_CosignatureTests() => log.Append(3);

    public void Dispose()
    {
        log.Dispose();
        witness.Dispose();
        other.Dispose();
    }

    [Fact]
    public void Law07_a_cosigned_checkpoint_is_one_to_whoever_knows_the_log_only_and_names_its_witnesses_to_who_knows_them()
    {
        var note = Cosigned(witness, other);
        Assert.Equal(3, Checkpoint.Open(note, log.Key, out _)!.Size);
        var found = Cosignature.Of(note, [witness.Key, other.Key], out _)!;
        Assert.Equal(
            [new Cosignature("holdfast/node-1/witness", DateTimeOffset.FromUnixTimeSeconds(At.ToUnixTimeSeconds())), new Cosignature("holdfast/node-3/witness", DateTimeOffset.FromUnixTimeSeconds(At.ToUnixTimeSeconds()))],
            [found[witness.Key], found[other.Key]]);
        Assert.Null(Cosignature.Missing(note, [witness.Key, other.Key], 2));
        Assert.Null(Cosignature.Missing(log.Note(), [], 0));
        Assert.Contains("0 of the 1 given witness has cosigned", Cosignature.Missing(log.Note(), [witness.Key], 1), StringComparison.Ordinal);
        // Each counts once, and the log is no witness of itself.
        Assert.Contains("1 of the 2 given", Cosignature.Missing(Cosigned(witness, witness), [witness.Key, other.Key], 2), StringComparison.Ordinal);
        Assert.Contains("0 of the 1", Cosignature.Missing(note, [log.Key], 1), StringComparison.Ordinal);
    }

    [Fact]
    public void Law07_any_changed_byte_of_a_cosigned_checkpoint_costs_the_cosignature_or_all_of_it()
    {
        var note = Cosigned(witness);
        for (var at = 0; at < note.Length; at++)
        {
            var changed = note.ToArray();
            changed[at] ^= 1;
            Assert.True(Cosignature.Missing(changed, [witness.Key], 1) is not null || Checkpoint.Open(changed, log.Key, out _) is null, $"byte {at}");
        }
    }

    [Fact]
    public void Law07_a_cosignature_is_for_one_name_one_time_and_one_text()
    {
        var text = SignedNote.Parse(log.Note(), out _)!.Text;
        var line = Cosignature.Make("holdfast/node-1/witness", witness.Key, At, text, witness.Sign);
        Assert.NotNull(Cosignature.Open(line, witness.Key, text, out var isFalse));
        Assert.False(isFalse);
        var later = line.Bytes.ToArray();
        later[7] ^= 1;
        Assert.Null(Cosignature.Open(line with { Bytes = later }, witness.Key, text, out isFalse));
        Assert.True(isFalse);
        Assert.Null(Cosignature.Open(line, witness.Key, text.Replace("\n3\n", "\n4\n", StringComparison.Ordinal), out isFalse));
        Assert.True(isFalse);
        Assert.Null(Cosignature.Open(line with { Bytes = line.Bytes[..8] }, witness.Key, text, out isFalse));
        Assert.True(isFalse);
        // Under another name it is of no key that is known.
        Assert.Null(Cosignature.Open(line with { Name = "holdfast/node-9/witness" }, witness.Key, text, out isFalse));
        Assert.False(isFalse);
        // Neither is a log's signature a cosignature, nor the other way round.
        Assert.NotEqual(witness.Key.Id, line.KeyId);
        Assert.Null(Checkpoint.Open(Encoding.UTF8.GetBytes($"{text}\n{line.Line()}"), witness.Key, out _));
    }

    private byte[] Cosigned(params SimulatedLog[] witnesses)
    {
        var note = SignedNote.Parse(log.Note(), out _)!;
        return (note with { Signatures = [.. note.Signatures, .. witnesses.Select(one => Cosignature.Make(LogNames.Witness(one.Node), one.Key, At, note.Text, one.Sign))] }).Format();
    }
}
