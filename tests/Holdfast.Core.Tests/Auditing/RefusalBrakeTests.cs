using System.Globalization;
using Holdfast.Core.Auditing;

namespace Holdfast.Core.Tests.Auditing;

/// <summary>Whoever tries is in the record with every attempt, and cannot fill a disk by it.</summary>
public sealed class RefusalBrakeTests
{
    [Fact]
    public void Law07_the_first_attempt_is_an_entry_and_those_of_its_minute_are_one_number()
    {
        var (brake, records) = RefusalBrake.Idle.Attempt("bob", Attempt("bob", "deploy", "a"), Seconds(0));
        Assert.Equal(["deploy a"], records.Select(One));
        (brake, records) = brake.Attempt("bob", Attempt("bob", "deploy", "b"), Seconds(10));
        Assert.Empty(records);
        (brake, records) = brake.Attempt("bob", Attempt("bob", "stop", "c"), Seconds(20));
        Assert.Empty(records);
        // Somebody else is not held back by it.
        (brake, records) = brake.Attempt("eve", Attempt("eve", "deploy", "a"), Seconds(30));
        Assert.Equal(["deploy a"], records.Select(One));
        Assert.Equal(Seconds(60), brake.Due);
        Assert.Empty(brake.Pass(Seconds(59)).Records);

        (brake, records) = brake.Pass(Seconds(60));
        var summary = Assert.Single(records);
        Assert.Equal(("bob", "stop", "c", AuditOutcome.Refused), (summary.Actor, summary.Action, summary.Target, summary.Outcome));
        Assert.Equal(("2", "1m", "deploy b; stop c", "no right"), (summary.Details[RefusalBrake.FurtherDetail], summary.Details[RefusalBrake.WithinDetail], summary.Details[RefusalBrake.AttemptedDetail], summary.Details["reason"]));

        // He goes on: no further entry of its own before a minute is over in which there was nothing.
        (brake, records) = brake.Attempt("bob", Attempt("bob", "deploy", "a"), Seconds(61));
        Assert.Empty(records);
        (brake, records) = brake.Pass(Seconds(121));
        Assert.Equal("1", Assert.Single(records).Details[RefusalBrake.FurtherDetail]);
        (brake, records) = brake.Pass(Seconds(300));
        Assert.Empty(records);
        Assert.Null(brake.Due);
        Assert.Single(brake.Attempt("bob", Attempt("bob", "deploy", "a"), Seconds(301)).Records);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Law07_no_attempt_is_lost_and_the_entries_of_a_minute_are_few_whoever_tries(int seed)
    {
        var random = new Random(seed);
        var (brake, now, attempts) = (RefusalBrake.Idle, TimeSpan.Zero, 0L);
        List<(TimeSpan At, AuditRecord Record)> written = [];
        for (var i = 0; i < 5000; i++)
        {
            now += TimeSpan.FromMilliseconds(random.Next(0, 200));
            var who = random.Next(0, 3) == 0 ? $"somebody-{random.Next(0, 400)}" : $"user-{random.Next(0, 5)}";
            var isLook = random.Next(0, 10) == 0;
            var (next, records) = isLook ? brake.Pass(now) : brake.Attempt(who, Attempt(who, "deploy", $"target-{random.Next(0, 100)}"), now);
            written.AddRange(records.Select(record => (now, record)));
            if (!isLook) attempts++;
            brake = next;
            Assert.True(brake.Due is not { } due || due > now, "what is due is not written");
        }

        // Each attempt is an entry, or in the number of one.
        Assert.Equal(attempts, written.Sum(one => Counted(one.Record)) + brake.Rest().Sum(Counted));
        Assert.True(attempts > 4000, $"{attempts}");
        for (var minute = TimeSpan.Zero; minute < now; minute += RefusalBrake.Window)
            Assert.InRange(written.Count(one => one.At >= minute && one.At < minute + RefusalBrake.Window), 0, 2 * (RefusalBrake.MostCallers + 1));
        Assert.All(written.Where(one => one.Record.Actor == RefusalBrake.SeveralCallers), one => Assert.DoesNotContain(one.Record.Details.Keys, CallDetails.IsOne));
        Assert.All(written.Where(one => one.Record.Details.ContainsKey(RefusalBrake.AttemptedDetail)), one => Assert.InRange(one.Record.Details[RefusalBrake.AttemptedDetail].Split("; ").Length, 1, RefusalBrake.MostNamed));
    }

    [Fact]
    public void Law07_a_policy_file_that_changed_came_or_went_is_told_with_both_digests()
    {
        Dictionary<string, string> before = new() { ["policy/a.yaml"] = "sha256:1", ["policy/b.yaml"] = "sha256:2", ["policy/c.yaml"] = "sha256:3" };
        Dictionary<string, string> after = new() { ["policy/a.yaml"] = "sha256:1", ["policy/b.yaml"] = "sha256:9", ["policy/d.yaml"] = "sha256:4" };

        var changes = PolicyChanges.Between(before, after);

        Assert.Equal([new("policy/b.yaml", "sha256:2", "sha256:9"), new("policy/c.yaml", "sha256:3", null), new("policy/d.yaml", null, "sha256:4")], changes);
        Assert.Empty(PolicyChanges.Between(after, after));
        var record = changes[1].Record("op");
        Assert.Equal(("holdfast", "policy.changed", "policy/c.yaml", "sha256:3", "none"), (record.Actor, record.Action, record.Target, record.Details["before"], record.Details["after"]));
    }

    private static long Counted(AuditRecord record) => record.Details.TryGetValue(RefusalBrake.FurtherDetail, out var further) ? long.Parse(further, CultureInfo.InvariantCulture) : 1;

    private static string One(AuditRecord record) => $"{record.Action} {record.Target}";

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);

    private static AuditRecord Attempt(string who, string action, string target) => new()
    {
        Actor = who,
        Action = action,
        Target = target,
        Outcome = AuditOutcome.Refused,
        Operation = "op",
        Details = new Dictionary<string, string> { ["reason"] = "no right", [CallDetails.From] = "10.1.2.3:4" },
    };
}
