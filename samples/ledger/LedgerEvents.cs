using System.Diagnostics.Tracing;

namespace Ledger;

/// <summary>Orders as events of an EventSource: nobody pays for them until somebody listens, and then by source, level and keyword.</summary>
[EventSource(Name = "Holdfast-Ledger")]
internal sealed class LedgerEvents : EventSource
{
    public static readonly LedgerEvents Log = new();

    private LedgerEvents()
    {
    }

    [Event(1, Level = EventLevel.Informational, Keywords = Keywords.Orders, Message = "order {0} over {1} {2} taken")]
    public void OrderTaken(long number, long amount, string currency) => WriteEvent(1, number, amount, currency);

    [Event(2, Level = EventLevel.Warning, Keywords = Keywords.Orders, Message = "order {0} refused: {1}")]
    public void OrderRefused(long number, string why) => WriteEvent(2, number, why);

    public static class Keywords
    {
        public const EventKeywords Orders = (EventKeywords)1;
    }
}
