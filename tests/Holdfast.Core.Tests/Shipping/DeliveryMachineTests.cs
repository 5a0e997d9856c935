using Holdfast.Core.Shipping;

namespace Holdfast.Core.Tests.Shipping;

public sealed class DeliveryMachineTests
{
    [Fact]
    public void A_batch_that_is_taken_is_over() => Assert.True(DeliveryMachine.Step(DeliveryMachine.Begin(3), Delivery.All.Of, 0).State.IsOver);

    [Fact]
    public void Only_what_is_to_come_later_is_sent_again_and_what_is_refused_is_put_aside()
    {
        var step = DeliveryMachine.Step(DeliveryMachine.Begin(4), new Delivery.Each([new(EventEnd.Delivered), new(EventEnd.Later, "429"), new(EventEnd.Never, "400 no date"), new(EventEnd.Delivered)]), 0);
        Assert.Equal([1], step.State.Asked);
        Assert.Equal([new RefusedEvent(2, "400 no date")], step.Refused);
        Assert.Equal((DeliveryMachine.FirstWait, "429"), (step.Wait, step.Why));
    }

    [Fact]
    public void Waits_double_up_to_a_limit_and_begin_anew_when_something_was_taken()
    {
        var state = DeliveryMachine.Begin(2);
        var waits = new List<double>();
        for (var i = 0; i < 10; i++)
        {
            var step = DeliveryMachine.Step(state, new Delivery.Nothing("away"), 0);
            (state, _) = (step.State, step.Refused);
            waits.Add(step.Wait.TotalSeconds);
        }

        Assert.Equal([0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30], waits);
        state = DeliveryMachine.Step(state, new Delivery.Each([new(EventEnd.Delivered), new(EventEnd.Later)]), 0).State;
        Assert.Equal(0.4, DeliveryMachine.Step(state, new Delivery.Nothing("away"), 0).Wait.TotalSeconds);
    }

    [Fact]
    public void A_receiver_that_says_when_is_not_asked_before() =>
        Assert.Equal(TimeSpan.FromMinutes(2), DeliveryMachine.Step(DeliveryMachine.Begin(1), new Delivery.Nothing("later", TimeSpan.FromMinutes(2)), 0.5).Wait);

    [Fact]
    public void What_is_too_much_comes_in_halves_down_to_the_one_that_is_refused()
    {
        var (state, asked, refused) = (DeliveryMachine.Begin(8), 0, new List<RefusedEvent>());
        while (!state.IsOver)
        {
            asked++;
            // The fifth is larger than anything that is taken.
            var step = DeliveryMachine.Step(state, state.Asked.Contains(5) ? new Delivery.TooMuch("413") : Delivery.All.Of, 0);
            refused.AddRange(step.Refused);
            state = step.State;
        }

        Assert.Equal([new RefusedEvent(5, "413")], refused);
        Assert.True(asked < 16, $"{asked} requests");
    }

    [Fact]
    public void Law06_each_event_is_delivered_or_put_aside_exactly_once_whatever_the_receiver_says()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var chance = new Random(seed);
            var count = chance.Next(1, 40);
            var (state, ends) = (DeliveryMachine.Begin(count), new int[count]);
            for (var round = 0; !state.IsOver; round++)
            {
                Assert.True(round < 10_000, $"Seed {seed}: it does not end");
                Delivery said = chance.Next(6) switch
                {
                    0 => Delivery.All.Of,
                    1 => new Delivery.Nothing("away"),
                    2 => new Delivery.TooMuch("413"),
                    3 => new Delivery.Each([new(EventEnd.Delivered)]),
                    _ => new Delivery.Each([.. state.Asked.Select(_ => new EventAnswer((EventEnd)chance.Next(3)))]),
                };
                var (before, step) = (state, DeliveryMachine.Step(state, said, chance.NextDouble()));
                foreach (var settled in before.Left.Except(step.State.Left)) ends[settled]++;
                Assert.All(step.Refused, one => Assert.DoesNotContain(one.Event, step.State.Left));
                Assert.Subset(before.Left.ToHashSet(), step.State.Left.ToHashSet());
                state = step.State;
            }

            Assert.All(ends, times => Assert.Equal(1, times));
        }
    }
}
