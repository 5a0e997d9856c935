using FsCheck;
using FsCheck.Fluent;
using Holdfast.Core.Leadership;

namespace Holdfast.Core.Tests.Leadership;

/// <summary>Law 4b, where the supervisor itself stands still.</summary>
public sealed class WatchdogMachineTests
{
    /// <summary>A lease of 3 s, sent for at 0: killed at 2.1 s, and the machine reset by 2.55 s.</summary>
    private static readonly LeaseTerms Terms = LeaseTerms.Of(At(3), TimeSpan.Zero).Value;

    private WatchdogState watchdog = WatchdogMachine.Begin;
    private WatchdogStep step = new(WatchdogMachine.Begin, WatchdogEffect.None, "");

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(5, 3)]
    [InlineData(10, 7)]
    [InlineData(30, 21)]
    [InlineData(300, 210)]
    public void It_is_set_to_whole_seconds_and_every_lease_leaves_time_for_the_answer_to_a_renewal(int lease, int seconds)
    {
        var terms = LeaseTerms.Of(At(lease), TimeSpan.Zero).Value;
        Assert.Equal(At(seconds), terms.WatchdogTimeout);
        Assert.True(terms.Watchdog - terms.WatchdogTimeout >= terms.Length * 0.15);
        Assert.True(LeaseTerms.LongEnoughForWatchdog(terms.WatchdogTimeout) <= terms.Length);
    }

    [Fact]
    public void It_is_armed_when_something_is_about_to_act_and_disarmed_when_nothing_does()
    {
        Take(0.1, new WatchdogInput.Extended());
        Assert.Equal(WatchdogEffect.Try, step.Effect);
        Take(0.1, new WatchdogInput.Granted(At(2), At(0.1), Runs: false));
        Assert.IsType<WatchdogState.Ready>(watchdog);

        Take(0.2, new WatchdogInput.Acts(At(2.55)));
        Assert.Equal(WatchdogEffect.Arm, step.Effect);
        Take(0.2, new WatchdogInput.Granted(At(2), At(0.2), Runs: true));
        Assert.Equal(new WatchdogState.Armed(At(2.2)), watchdog);

        Take(0.3, new WatchdogInput.Empty());
        Assert.Equal(WatchdogEffect.Disarm, step.Effect);
        Assert.IsType<WatchdogState.Ready>(watchdog);
    }

    [Fact]
    public void It_is_not_armed_so_late_that_it_would_expire_too_late()
    {
        Take(0.6, new WatchdogInput.Acts(At(2.55)));
        Assert.Equal(WatchdogEffect.None, step.Effect);
        Assert.Contains("when the lease is extended", step.Reason, StringComparison.Ordinal);
        Take(0.65, new WatchdogInput.Acts(At(3.15)));
        Assert.Equal(WatchdogEffect.Arm, step.Effect);
    }

    /// <summary>patroni PR #452 and #2396: what is petted by a loop's clock is petted for a leader that may be none any more, or not petted while one stops slowly.</summary>
    [Fact]
    public void It_is_petted_only_as_far_as_an_answered_renewal_allows_and_no_timer_does_it_alone()
    {
        Arm(0.1);
        // Its last pet, as late as is allowed: between the kill and the moment by which the machine must have been reset.
        Take(0.1, new WatchdogInput.Acts(At(2.55)));
        Assert.Equal((WatchdogEffect.None, At(0.5)), (step.Effect, step.LookAt));
        Take(0.51, new WatchdogInput.Acts(At(2.55)));
        Assert.Equal(WatchdogEffect.Pet, step.Effect);
        Take(0.51, new WatchdogInput.Petted(At(0.51)));
        Assert.Equal(new WatchdogState.Armed(At(0.51) + At(2)), watchdog);

        foreach (var later in (double[])[0.52, 0.6, 1, 2, 2.1, 2.5])
        {
            Take(later, new WatchdogInput.Acts(At(2.55)));
            Assert.Equal((WatchdogEffect.None, null), (step.Effect, step.LookAt));
        }
    }

    [Fact]
    public void What_acts_under_an_earlier_lease_and_does_not_die_is_not_saved_by_the_lease_after_it()
    {
        Arm(0.1);
        // Whoever asks names the earliest: the new lease's is 9.
        Take(1.2, new WatchdogInput.Acts(At(2.55)));
        Assert.Equal(WatchdogEffect.None, step.Effect);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(60)]
    public void A_driver_that_rounds_is_not_used_and_the_length_is_named_that_would_do(int granted)
    {
        Take(0.1, new WatchdogInput.Acts(At(2.55)));
        Take(0.1, new WatchdogInput.Granted(At(granted), At(0.1), Runs: true));
        Assert.Equal(WatchdogEffect.Disarm, step.Effect);
        var unfit = Assert.IsType<WatchdogState.Unfit>(watchdog);
        var needed = LeaseTerms.LongEnoughForWatchdog(At(granted));
        Assert.Contains($"a lease of {needed.TotalSeconds} s", unfit.Why, StringComparison.Ordinal);
        Assert.True(needed < LeaseTerms.Shortest || LeaseTerms.Of(needed, TimeSpan.Zero).Value.WatchdogTimeout >= At(granted));
    }

    [Fact]
    public void What_cannot_be_had_is_tried_again_and_not_at_every_look()
    {
        Take(0, new WatchdogInput.Extended());
        Take(0, new WatchdogInput.Refused("another process holds it"));
        Take(0.5, new WatchdogInput.Extended());
        Assert.Equal((WatchdogEffect.None, "another process holds it"), (step.Effect, step.Reason));
        Take(0.5, new WatchdogInput.Acts(At(9)));
        Assert.Equal(WatchdogEffect.None, step.Effect);
        Take(1.1, new WatchdogInput.Extended());
        Assert.Equal(WatchdogEffect.Try, step.Effect);
        Take(1.1, new WatchdogInput.Acts(At(9)));
        Assert.Equal(WatchdogEffect.Arm, step.Effect);
    }

    [Fact]
    public void Law04_whenever_extensions_end_the_machine_is_reset_before_the_lease_does_and_not_before_the_kill() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => new Kernel(seed).LoseTheStore()).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Law04_whenever_who_pets_stands_still_the_machine_is_reset_before_the_lease_ends() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => new Kernel(seed).StandStill()).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void While_extensions_come_in_time_the_machine_is_not_reset() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => new Kernel(seed).Renew()).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private void Take(double at, WatchdogInput input)
    {
        step = WatchdogMachine.Step(watchdog, input, Terms.WatchdogTimeout, At(at));
        watchdog = step.State;
        Assert.NotEmpty(step.Reason);
    }

    private void Arm(double at)
    {
        Take(at, new WatchdogInput.Acts(At(2.55)));
        Take(at, new WatchdogInput.Granted(At(2), At(at), Runs: true));
    }

    /// <summary>A watchdog as its documentation has it: it counts down from each pet, and resets the machine at zero.</summary>
    private sealed class Kernel
    {
        private readonly Random chance;
        private readonly LeaseTerms terms;
        private WatchdogState watchdog = WatchdogMachine.Begin;
        private TimeSpan sentAt;
        private TimeSpan now;
        private TimeSpan? lookAt;
        private TimeSpan resetsAt = TimeSpan.MaxValue;

        public Kernel(int seed)
        {
            chance = new(seed);
            terms = LeaseTerms.Of(At(chance.Next(2, 40)), TimeSpan.Zero).Value;
        }

        /// <summary>The supervisor goes on looking, and no renewal is answered any more.</summary>
        public void LoseTheStore()
        {
            Live(chance.Next(0, 12));
            Pass(sentAt + (terms.Length * 2));
            Assert.InRange(resetsAt, sentAt + terms.Hard, sentAt + terms.Watchdog);
            Assert.True(resetsAt < sentAt + (terms.Length * 0.99));
        }

        /// <summary>The supervisor does nothing any more, in the middle of anything.</summary>
        public void StandStill()
        {
            Live(chance.Next(0, 12));
            Pass(now + (terms.Length * chance.NextDouble()));
            Assert.True(resetsAt <= sentAt + terms.Watchdog);
        }

        public void Renew()
        {
            Live(60);
            Assert.True(now < resetsAt);
        }

        /// <summary>Renewals every fifth of the lease, of which some are lost, never two in a row; each answered within a tenth of it.</summary>
        private void Live(int renewals)
        {
            var lost = false;
            for (var i = 0; i <= renewals; i++)
            {
                var sent = terms.RenewEvery * i;
                Pass(sent);
                lost = !lost && i > 0 && i < renewals && chance.Next(5) == 0;
                if (lost) continue;
                Pass(sent + (terms.Length * 0.1 * chance.NextDouble()));
                sentAt = sent;
                Look();
            }
        }

        /// <summary>Who pets wakes a little late, but wakes.</summary>
        private void Pass(TimeSpan until)
        {
            while (lookAt is { } at && at < until && now < resetsAt)
            {
                now = Later(at, now) + (WatchdogMachine.Lateness * 0.9 * chance.NextDouble());
                if (now < resetsAt) Look();
            }

            now = Later(now, until);
        }

        private void Look()
        {
            while (true)
            {
                var step = WatchdogMachine.Step(watchdog, new WatchdogInput.Acts(sentAt + terms.Watchdog), terms.WatchdogTimeout, now);
                (watchdog, lookAt) = (step.State, step.LookAt);
                if (step.Effect == WatchdogEffect.None) return;
                Assert.True(step.Effect is WatchdogEffect.Arm or WatchdogEffect.Pet, $"{step.Effect}");
                resetsAt = now + terms.WatchdogTimeout;
                WatchdogInput answer = step.Effect == WatchdogEffect.Arm ? new WatchdogInput.Granted(terms.WatchdogTimeout, now, Runs: true) : new WatchdogInput.Petted(now);
                watchdog = WatchdogMachine.Step(watchdog, answer, terms.WatchdogTimeout, now).State;
            }
        }

        private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;
    }
}
