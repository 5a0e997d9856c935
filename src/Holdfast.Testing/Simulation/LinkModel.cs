namespace Holdfast.Testing.Simulation;

/// <summary>The network between a node and the store: what is sent may be late, lost, there twice, or cut off in one direction.</summary>
internal sealed class LinkModel(World world, StoreModel store)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public bool CutThere { get; set; }

    public bool CutBack { get; set; }

    public bool IsBad { get; set; }

    public void Send(Action arrives)
    {
        if (CutThere || IsLost()) return;
        world.After(Way(), () =>
        {
            if (!store.IsAway && !CutThere) arrives();
        });
    }

    public void Receive(Action arrives)
    {
        if (CutBack || IsLost()) return;
        world.After(Way(), () =>
        {
            if (!CutBack) arrives();
        });
    }

    /// <summary>Exactly one of the two is done, unless who asked is gone.</summary>
    /// <param name="inAgent">Does something when the agent can.</param>
    public void Ask<T>(Action<Action> inAgent, Func<T> question, Action<T> answered, Action? unanswered = null)
    {
        var over = false;
        var copies = world.OneIn(50) ? 2 : 1;
        for (var copy = 0; copy < copies; copy++)
        {
            Send(() =>
            {
                var answer = question();
                Receive(() => inAgent(() => Once(() => answered(answer))));
            });
        }

        if (unanswered is not null) world.After(Patience, () => inAgent(() => Once(unanswered)));

        void Once(Action ends)
        {
            if (over) return;
            over = true;
            ends();
        }
    }

    public TimeSpan Way() => IsBad ? world.Between(5, 1_800) : world.OneIn(50) ? world.Between(20, 400) : world.Between(0.2, 3);

    public bool IsLost() => IsBad ? world.OneIn(2) : world.OneIn(500);
}
