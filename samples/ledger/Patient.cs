namespace Ledger;

/// <summary>What is wrong at present.</summary>
internal sealed record Symptoms
{
    public bool Hung { get; init; }

    public bool Unready { get; init; }

    public bool Sick { get; init; }

    public bool Mute { get; init; }

    public bool Stubborn { get; init; }

    public TimeSpan Delay { get; init; }

    public bool DelayHealth { get; init; }

    public TimeSpan Linger { get; init; }

    public bool Extend { get; init; }
}

/// <summary>The service: what it counts, and what it suffers from.</summary>
internal sealed class Patient(JsonLog log, Notifier notify)
{
    private readonly Lock gate = new();
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Symptoms ill = new();
    private int reloads;

    public JsonLog Log => log;

    public Notifier Notify => notify;

    public Metrics Metrics { get; } = new();

    public Symptoms Symptoms
    {
        get
        {
            lock (gate)
                return ill;
        }
    }

    public bool Alive => Symptoms is { Hung: false, Mute: false };

    public void Change(Func<Symptoms, Symptoms> set)
    {
        lock (gate)
        {
            ill = set(ill);
            changed.SetResult();
            changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public async Task WhileHungAsync(CancellationToken gone)
    {
        for (; ; )
        {
            Task next;
            lock (gate)
            {
                if (!ill.Hung)
                    return;
                next = changed.Task;
            }

            await next.WaitAsync(gone);
        }
    }

    public void Reload()
    {
        log.Info("reloaded", ("reloads", Interlocked.Increment(ref reloads)));
        notify.Send("STATUS=reloaded");
    }

    /// <summary>Numbers the order and counts it, accepted or not.</summary>
    public (long Number, bool Accepted) Process(long amount, string currency)
    {
        var accepted = amount > 0 && currency.Length == 3;
        var number = Metrics.CountOrder(accepted);
        if (accepted)
        {
            log.Info("order processed", ("order", number), ("amount", amount), ("currency", currency));
            LedgerEvents.Log.OrderTaken(number, amount, currency);
        }
        else
        {
            log.Warn("order refused", ("order", number), ("amount", amount), ("currency", currency));
            LedgerEvents.Log.OrderRefused(number, amount > 0 ? "no such currency" : "no amount");
        }

        return (number, accepted);
    }
}
