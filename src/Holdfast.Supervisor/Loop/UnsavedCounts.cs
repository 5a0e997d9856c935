namespace Holdfast.Supervisor.Loop;

/// <summary>
/// Whose counts of captured output are to be saved. That waits until nothing else is to be done, for a second at most: where many services end
/// at once, all of them are started first.
/// </summary>
internal sealed class UnsavedCounts
{
    private const int AtOnce = 16;
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(1);

    private readonly HashSet<Keeper> keepers = [];
    private TimeSpan since;

    public bool Any => keepers.Count > 0;

    public void Add(Keeper keeper, TimeSpan now)
    {
        if (keepers.Count == 0) since = now;
        keepers.Add(keeper);
    }

    public bool Overdue(TimeSpan now) => Any && now - since >= Within;

    /// <summary>Few enough that a service which ends meanwhile does not wait for it.</summary>
    public void SaveSome()
    {
        foreach (var keeper in keepers.Take(AtOnce).ToList())
        {
            keepers.Remove(keeper);
            keeper.SaveCounts();
        }
    }

    public void SaveAll()
    {
        while (Any) SaveSome();
    }
}
