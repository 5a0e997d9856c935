using Holdfast.Core.Leadership;

namespace Holdfast.Core.Tests.Leadership;

public sealed class LeaseMachineTests
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    private LeaseState lease = LeaseMachine.Begin;
    private IReadOnlyList<LeaseEffect> effects = [];
    private string reason = "";

    [Fact]
    public void A_lease_is_asked_for_and_its_deadline_counted_from_the_asking()
    {
        Take(1, new LeaseInput.TimePassed());
        Assert.Equal([new LeaseEffect.Ask(At(1))], effects);
        Take(3, new LeaseInput.Granted(7, Length, At(1)));
        Assert.Equal([new LeaseEffect.Extend(7, At(6), At(8))], effects);
    }

    [Fact]
    public void The_deadline_is_counted_from_the_sending_of_the_renewal_that_was_answered()
    {
        Hold();
        Take(2, new LeaseInput.TimePassed());
        Assert.Equal([new LeaseEffect.Renew(7, At(2))], effects);
        Take(3.5, new LeaseInput.Renewed(7, At(2)));
        Assert.Equal([new LeaseEffect.Extend(7, At(7), At(9))], effects);
    }

    [Fact]
    public void AkkaManagement3404_a_renewal_that_fails_costs_nothing_while_there_is_time()
    {
        Hold();
        foreach (var due in (double[])[2, 4])
        {
            Take(due, new LeaseInput.TimePassed());
            Take(due + 1, new LeaseInput.Unanswered(At(due), "no leader"));
            Assert.Empty(effects);
        }

        Take(6, new LeaseInput.TimePassed());
        Assert.Equal([new LeaseEffect.HoldBack(7, "half of it is over without a renewal"), new LeaseEffect.Renew(7, At(6))], effects);
        Take(6.1, new LeaseInput.Renewed(7, At(6)));
        Assert.Equal([new LeaseEffect.Extend(7, At(11), At(13))], effects);
    }

    /// <summary>Found by the simulator: while the first was waited for, the deadline came.</summary>
    [Fact]
    public void A_renewal_that_is_lost_holds_up_no_other()
    {
        Hold();
        Take(2, new LeaseInput.TimePassed());
        Take(4, new LeaseInput.TimePassed());
        Assert.Equal([new LeaseEffect.Renew(7, At(4))], effects);
        Take(4.1, new LeaseInput.Renewed(7, At(4)));
        Assert.Equal([new LeaseEffect.Extend(7, At(9), At(11))], effects);
        // The first is answered after all: it extends nothing.
        Take(4.2, new LeaseInput.Renewed(7, At(2)));
        Assert.Empty(effects);
    }

    [Fact]
    public void Patroni2787_who_wakes_after_the_deadline_is_fenced_whatever_comes_first()
    {
        foreach (var first in (LeaseInput[])[new LeaseInput.TimePassed(), new LeaseInput.Renewed(7, At(2)), new LeaseInput.TimeDoubted("resumed")])
        {
            Hold();
            Take(2, new LeaseInput.TimePassed());
            Take(60, first);
            Assert.Equal(7, Assert.IsType<LeaseEffect.Fence>(Assert.Single(effects)).Id);
            // What the store answered long ago takes nothing up again.
            Take(60.1, new LeaseInput.Renewed(7, At(2)));
            Assert.Empty(effects);
            Assert.IsType<LeaseState.None>(lease);
        }
    }

    [Fact]
    public void What_the_store_says_is_gone_is_fenced_at_once()
    {
        Hold();
        Take(2, new LeaseInput.TimePassed());
        Take(2.1, new LeaseInput.Gone(7));
        Assert.IsType<LeaseEffect.Fence>(Assert.Single(effects));
        Take(2.2, new LeaseInput.TimePassed());
        Assert.IsType<LeaseEffect.Ask>(Assert.Single(effects));
        Take(2.3, new LeaseInput.Gone(7));
        Assert.Empty(effects);
    }

    [Fact]
    public void After_a_doubt_about_time_only_a_renewal_begun_afterwards_counts()
    {
        Hold();
        Take(2, new LeaseInput.TimePassed());
        Take(2.5, new LeaseInput.TimeDoubted("the virtual machine is another than it was"));
        Assert.Equal([new LeaseEffect.HoldBack(7, "the virtual machine is another than it was"), new LeaseEffect.Renew(7, At(2.5))], effects);
        Take(2.6, new LeaseInput.Renewed(7, At(2)));
        Assert.Empty(effects);
        Take(2.7, new LeaseInput.Renewed(7, At(2.5)));
        Assert.Equal([new LeaseEffect.Extend(7, At(7.5), At(9.5))], effects);
    }

    /// <summary>blehnen/DotNetWorkQueue#315: the next renewal was counted from when the last one was done, and so some were left out.</summary>
    [Fact]
    public void DotNetWorkQueue315_lateness_does_not_add_up()
    {
        Hold();
        var sent = new List<TimeSpan>();
        for (var tick = 1.0; tick < 40; tick += 0.3)
        {
            Take(tick, new LeaseInput.TimePassed());
            foreach (var renewal in effects.OfType<LeaseEffect.Renew>())
            {
                sent.Add(renewal.SentAt);
                Take(tick + 0.1, new LeaseInput.Renewed(7, renewal.SentAt));
            }
        }

        Assert.InRange(sent.Count, 19, 20);
    }

    [Fact]
    public void A_store_that_grants_nothing_is_asked_less_and_less()
    {
        var asked = new List<double>();
        for (var tick = 0.0; tick < 60; tick += 0.05)
        {
            Take(tick, new LeaseInput.TimePassed());
            foreach (var ask in effects.OfType<LeaseEffect.Ask>())
            {
                asked.Add(tick);
                Take(tick, new LeaseInput.Unanswered(ask.SentAt, "no leader"));
            }
        }

        Assert.InRange(asked.Count, 12, 22);
        Assert.True(asked[^1] - asked[^2] > 4.9);
    }

    [Fact]
    public void A_node_that_kills_too_slowly_takes_no_lease()
    {
        Take(0, new LeaseInput.TimePassed());
        var step = LeaseMachine.Step(lease, new LeaseInput.Granted(7, Length, At(0)), At(0.1), TimeSpan.FromSeconds(4));
        Assert.Empty(step.Effects);
        Assert.IsType<LeaseState.None>(step.State);
        Assert.Contains("lease.kill-time", step.Reason);
    }

    [Fact]
    public void A_lease_that_is_given_up_is_fenced_and_ended_and_no_other_is_asked_for_before_its_time()
    {
        Hold();
        Take(1, new LeaseInput.GivenUp("the machine goes down", At(600)));
        Assert.Equal([new LeaseEffect.Fence(7, "the machine goes down"), new LeaseEffect.Revoke(7)], effects);
        // A renewal that was under way brings nothing back.
        Take(1.2, new LeaseInput.Renewed(7, At(0.9)));
        Take(599, new LeaseInput.TimePassed());
        Assert.Empty(effects);
        Take(600, new LeaseInput.TimePassed());
        Assert.Equal([new LeaseEffect.Ask(At(600))], effects);
    }

    [Fact]
    public void Who_gives_up_while_it_asks_takes_nothing_that_is_granted_late()
    {
        Take(0, new LeaseInput.TimePassed());
        Take(0.1, new LeaseInput.GivenUp("the machine goes down", At(600)));
        Take(0.2, new LeaseInput.Granted(7, Length, At(0)));
        Assert.Empty(effects);
        Assert.IsType<LeaseState.None>(lease);
    }

    /// <summary>Whatever comes in whatever order at whatever times.</summary>
    [Fact]
    public void Nothing_is_ever_let_act_past_what_the_store_promised()
    {
        for (var seed = 0; seed < 3000; seed++) new Promise(seed).Keep();
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private void Take(double at, LeaseInput input)
    {
        var step = LeaseMachine.Step(lease, input, At(at), TimeSpan.Zero);
        (lease, effects, reason) = (step.State, step.Effects, step.Reason);
        Assert.NotEmpty(reason);
    }

    /// <summary>A lease of 10 s, asked for at 0.</summary>
    private void Hold()
    {
        lease = LeaseMachine.Begin;
        Take(0, new LeaseInput.TimePassed());
        Take(0.1, new LeaseInput.Granted(7, Length, At(0)));
    }

    /// <summary>A random life of leases, with a store that keeps its own account of what it promised.</summary>
    private sealed class Promise(int seed)
    {
        private readonly Random chance = new(seed);
        private readonly List<(TimeSpan Due, LeaseInput Input)> under = [];
        private readonly Dictionary<long, TimeSpan> storeEnds = [];
        private readonly HashSet<long> fenced = [];
        private LeaseState lease = LeaseMachine.Begin;
        private TimeSpan now;
        private (long Id, TimeSpan Until)? acts;
        private long ids;

        public void Keep()
        {
            for (var step = 0; step < 200; step++)
            {
                now += TimeSpan.FromMilliseconds(chance.Next(30) == 0 ? chance.Next(20_000) : chance.Next(700));
                var due = under.FindIndex(u => u.Due <= now);
                LeaseInput input = new LeaseInput.TimePassed();
                if (due >= 0)
                {
                    input = under[due].Input;
                    under.RemoveAt(due);
                }
                else if (chance.Next(40) == 0)
                {
                    input = new LeaseInput.TimeDoubted("a jump");
                }

                var done = LeaseMachine.Step(lease, input, now, TimeSpan.Zero);
                lease = done.State;
                foreach (var effect in done.Effects) Do(effect);
            }
        }

        private void Do(LeaseEffect effect)
        {
            switch (effect)
            {
                case LeaseEffect.Ask ask:
                    Answer(ask.SentAt, arrives => new LeaseInput.Granted(Grant(++ids, arrives), Length, ask.SentAt));
                    break;
                case LeaseEffect.Renew renew:
                    Answer(renew.SentAt, arrives => storeEnds[renew.Id] > arrives ? new LeaseInput.Renewed(Grant(renew.Id, arrives), renew.SentAt) : new LeaseInput.Gone(renew.Id));
                    break;
                case LeaseEffect.Extend extend:
                    Assert.DoesNotContain(extend.Id, fenced);
                    Assert.True(acts is not { } before || before.Id != extend.Id || before.Until <= extend.HardAt, $"seed {seed}: a deadline went back");
                    Assert.True(extend.HardAt < storeEnds[extend.Id], $"seed {seed}: it may act until {extend.HardAt}, and the store's promise ends at {storeEnds[extend.Id]}");
                    acts = (extend.Id, extend.HardAt);
                    break;
                case LeaseEffect.Fence fence:
                    fenced.Add(fence.Id);
                    acts = null;
                    break;
            }
        }

        /// <summary>The request arrives some time after it was sent, and its answer some time later, or either is lost.</summary>
        private void Answer(TimeSpan sentAt, Func<TimeSpan, LeaseInput> judged)
        {
            var arrives = sentAt + Way();
            var fate = chance.Next(10);
            if (fate == 0)
            {
                under.Add((sentAt + TimeSpan.FromSeconds(2), new LeaseInput.Unanswered(sentAt, "lost on its way")));
                return;
            }

            var answer = judged(arrives);
            under.Add(fate == 1
                ? (sentAt + TimeSpan.FromSeconds(2), new LeaseInput.Unanswered(sentAt, "its answer was lost"))
                : (arrives + Way(), answer));
        }

        /// <summary>Mostly quick, sometimes most of a lease.</summary>
        private TimeSpan Way() => TimeSpan.FromMilliseconds(chance.Next(5) == 0 ? chance.Next(8000) : chance.Next(300));

        private long Grant(long id, TimeSpan arrives)
        {
            storeEnds[id] = arrives + Length;
            return id;
        }
    }
}
