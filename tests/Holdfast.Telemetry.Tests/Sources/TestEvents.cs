using System.Diagnostics.Tracing;

namespace Holdfast.Telemetry.Tests.Sources;

/// <summary>What the process of a test writes when somebody listens.</summary>
[EventSource(Name = "Holdfast-Test")]
internal sealed class TestEvents : EventSource
{
    private static readonly TestEvents log = new();

    private TestEvents()
    {
    }

    /// <summary>Says that it is there, writes so many events once somebody listens, says "done" and waits for the end of its input; again for each line of it.</summary>
    public static void Run(int count)
    {
        Console.WriteLine("there");
        SpinWait.SpinUntil(() => log.IsEnabled(EventLevel.Informational, Keywords.Orders));
        do
        {
            for (var i = 1; i <= count; i++)
            {
                log.OrderTaken(i, $"customer \"{i}\"", i * 1.5, i % 2 == 0);
                log.Detail(i);
                log.Other(i);
            }

            log.Last();
            Console.WriteLine("done");
        }
        while (Console.ReadLine() is not null);
    }

    [Event(1, Level = EventLevel.Informational, Keywords = Keywords.Orders, Message = "order {0} of {1}")]
    public void OrderTaken(int number, string customer, double amount, bool isLarge) => WriteEvent(1, number, customer, amount, isLarge);

    [Event(2, Level = EventLevel.Verbose, Keywords = Keywords.Orders)]
    public void Detail(int number) => WriteEvent(2, number);

    [Event(3, Level = EventLevel.Informational, Keywords = Keywords.Others)]
    public void Other(int number) => WriteEvent(3, number);

    [Event(4, Level = EventLevel.Warning, Keywords = Keywords.Orders)]
    public void Last() => WriteEvent(4);

    public static class Keywords
    {
        public const EventKeywords Orders = (EventKeywords)1;
        public const EventKeywords Others = (EventKeywords)2;
    }
}
