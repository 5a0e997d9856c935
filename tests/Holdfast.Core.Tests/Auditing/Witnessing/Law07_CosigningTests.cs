using System.Text;
using Holdfast.Core.Auditing.Tree;
using Holdfast.Core.Auditing.Witnessing;
using Holdfast.Core.Tests.Auditing.Tree;

namespace Holdfast.Core.Tests.Auditing.Witnessing;

/// <summary>A witness cosigns what goes on from all that it has cosigned, and nothing else, whatever log and network do.</summary>
public sealed class Law07_CosigningTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 8, 0, 0, TimeSpan.Zero);

    private readonly SimulatedLog log = new();

    public void Dispose() => log.Dispose();

    [Fact]
    public void Law07_the_first_contact_pins_the_key_and_the_log_goes_on_from_there()
    {
        log.Append(5);
        Assert.Equal(404, Decide(null, log.Offer(0) with { Key = null }).Status);
        Assert.Equal(409, Decide(null, log.Offer(3)).Status);
        var first = Decide(null, log.Offer(0));
        Assert.Equal((200, true), (first.Status, first.IsFirst));
        Assert.Equal((log.Origin, "node-2", log.Key.Pem, Now, Now), (first.Keep!.Origin, first.Keep.Node, first.Keep.Key, first.Keep.FirstSeen, first.Keep.At));

        log.Append(4);
        var next = Cosigning.Decide(first.Keep, 1, log.Offer(5), Now.AddMinutes(1));
        Assert.Equal((200, false, Now, Now.AddMinutes(1)), (next.Status, next.IsFirst, next.Keep!.FirstSeen, next.Keep.At));
        Assert.Equal(9, next.Keep.Open(out _)!.Value.Checkpoint.Size);
        // Once more the same: its answer was lost. Nothing is written for it.
        var again = Decide(next.Keep, log.Offer(9));
        Assert.Equal(200, again.Status);
        Assert.Null(again.Keep);
    }

    [Fact]
    public void Law07_what_is_not_under_the_logs_key_or_no_offer_at_all_is_refused_and_is_no_fork()
    {
        log.Append(5);
        var held = Decide(null, log.Offer(0)).Keep!;
        using SimulatedLog other = new("node-3"), impostor = new();
        other.Append(5);
        impostor.Append(7);

        // What another node calls its log is that node's, and touches nothing.
        Assert.Equal("node-3", Decide(null, log.Offer(0) with { Node = "node-3" }).Keep!.Node);
        Assert.Throws<ArgumentException>(() => Decide(held with { Node = "node-9" }, log.Offer(5)));
        Assert.Equal(403, Decide(null, log.Offer(0) with { Key = other.Key }).Status);
        Assert.Equal(403, Decide(held, impostor.Offer(5)).Status);
        Assert.Equal(403, Cosigning.Decide(null, Cosigning.MostLogs, log.Offer(0), Now).Status);
        Assert.Equal(400, Decide(held, log.Offer(5) with { Note = Encoding.UTF8.GetBytes("nothing") }).Status);
        Assert.Equal(400, Decide(held, log.Offer(-1)).Status);
        Assert.Equal(400, Decide(held, log.Offer(6)).Status);
        Assert.Equal(400, Decide(held, log.Offer(5) with { Proof = [.. Enumerable.Repeat(TreeHash.Empty, 64)] }).Status);
        Assert.Equal(422, Decide(held, log.Offer(5) with { Proof = [TreeHash.Empty] }).Status);
        // One that comes late, behind a newer one.
        log.Append(4);
        held = Decide(held, log.Offer(5)).Keep!;
        var late = Decide(held, log.Offer(0, 5));
        Assert.Equal(409, late.Status);
        Assert.All([late, Decide(held, log.Offer(3, 5)), Decide(held, log.Offer(5))], decision => Assert.Equal((false, null, null, 409), (decision.IsForked, decision.Fork, decision.Keep, decision.Status)));
    }

    [Fact]
    public void Law07_a_log_that_was_set_back_is_a_fork_as_soon_as_it_knows_what_is_held_and_what_is_held_stays()
    {
        log.Append(9);
        var held = Decide(null, log.Offer(0)).Keep!;
        log.SetBack(4);
        log.Next = 100;
        log.Append(2);

        Assert.False(Decide(held, log.Offer(0)).IsForked);
        var offer = log.Offer(9);
        var shorter = Decide(held, offer);
        Assert.Equal((409, true), (shorter.Status, shorter.IsForked));
        Assert.Contains("has 6 entries, and had 9: it was set back", shorter.Fork!.What, StringComparison.Ordinal);
        Assert.Equal((held.Note, Encoding.UTF8.GetString(offer.Note.Span)), (shorter.Keep!.Note, shorter.Keep.Fork!.Note));

        log.Append(3);
        Assert.Contains("two histories of 9 entries", Decide(held, log.Offer(9)).Fork!.What, StringComparison.Ordinal);
        log.Append(3);
        var longer = Decide(held, log.Offer(9));
        Assert.Equal((422, true), (longer.Status, longer.IsForked));
        Assert.Contains("does not begin with the 9 that were cosigned", longer.Fork!.What, StringComparison.Ordinal);
        // Once is enough for the record; it is refused each time.
        var again = Decide(shorter.Keep, log.Offer(9));
        Assert.Equal((422, true, null, null), (again.Status, again.IsForked, again.Fork, again.Keep));
    }

    /// <summary>Logs that grow, are set back and go on otherwise, offers that come late, answers that are lost, witnesses that die between writing and answering.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Law07_all_that_a_witness_ever_cosigned_of_a_log_is_one_history(int seed)
    {
        var random = new Random(seed);
        WitnessedLog? held = null;
        List<IReadOnlyList<byte[]>> cosigned = [];
        List<(WitnessOffer Offer, IReadOnlyList<byte[]> Entries)> late = [];
        List<byte[]>? right = null;
        var (known, forked) = (0L, 0);
        log.Append(3);
        Take((log.Offer(0), [.. log.Entries]), isAnswered: true);
        for (var step = 0; step < 300; step++)
        {
            switch (random.Next(0, 12))
            {
                case 0 when right is null && random.Next(0, 2) == 0:
                    right = log.Entries;
                    log.SetBack(random.Next(1, log.Entries.Count));
                    // A history of its own from here on.
                    log.Next += 100;
                    break;
                case 0 when right is not null:
                    // The right disk is back.
                    log.Put(right);
                    right = null;
                    break;
                case < 5:
                    log.Append(random.Next(1, 4));
                    break;
                case 5 when late.Count > 0:
                    Take(late[random.Next(late.Count)], isAnswered: false);
                    break;
                default:
                    var offer = (log.Offer(known), (IReadOnlyList<byte[]>)[.. log.Entries]);
                    if (random.Next(0, 4) == 0) late.Add(offer);
                    else Take(offer, isAnswered: random.Next(0, 4) > 0);
                    break;
            }
        }

        Assert.True(cosigned.Count > 10, $"{cosigned.Count} cosigned");
        Assert.True(forked > 0, "no history parted");
        for (var i = 1; i < cosigned.Count; i++)
            Assert.True(cosigned[i].Count >= cosigned[i - 1].Count && cosigned[i].Take(cosigned[i - 1].Count).SequenceEqual(cosigned[i - 1], Bytes.Instance), $"cosigned {i} does not go on from the one before (seed {seed})");

        void Take((WitnessOffer Offer, IReadOnlyList<byte[]> Entries) given, bool isAnswered)
        {
            var decision = Cosigning.Decide(held, held is null ? 0 : 1, given.Offer, Now.AddSeconds(cosigned.Count));
            // What is to be kept is on disk before the answer: a witness that dies in between has it.
            held = decision.Keep ?? held;
            if (decision.Status == 200) cosigned.Add(given.Entries);
            if (decision.IsForked) forked++;
            // Nobody is accused who only went on.
            Assert.False(decision.IsForked && given.Entries.Count >= cosigned[^1].Count && given.Entries.Take(cosigned[^1].Count).SequenceEqual(cosigned[^1], Bytes.Instance), $"step of seed {seed}");
            if (isAnswered && decision.Status is 200) known = given.Entries.Count;
            if (isAnswered && decision.Status is 409) known = held!.Open(out _)!.Value.Checkpoint.Size;
        }
    }

    /// <summary>A log that was never set back is never called forked, and is cosigned at the second offer at the latest.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public void Law07_an_honest_log_is_cosigned_whatever_was_lost_on_the_way(int seed)
    {
        var random = new Random(seed);
        WitnessedLog? held = null;
        for (var round = 0; round < 100; round++)
        {
            log.Append(random.Next(0, 5));
            if (log.Entries.Count == 0) continue;
            // What it thinks is held may be anything that it once was.
            var old = random.Next(0, 2) == 0 || held is null ? 0 : held.Open(out _)!.Value.Checkpoint.Size;
            var decision = Decide(held, log.Offer(old));
            if (decision.Status == 409)
            {
                Assert.False(decision.IsForked);
                decision = Decide(held, log.Offer(held!.Open(out _)!.Value.Checkpoint.Size));
            }

            Assert.Equal(200, decision.Status);
            held = decision.Keep ?? held;
        }
    }

    private static CosignDecision Decide(WitnessedLog? held, WitnessOffer offer) => Cosigning.Decide(held, held is null ? 0 : 1, offer, Now);

    private sealed class Bytes : IEqualityComparer<byte[]>
    {
        public static Bytes Instance { get; } = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => obj.Length;
    }
}
