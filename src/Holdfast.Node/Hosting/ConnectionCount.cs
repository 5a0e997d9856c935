namespace Holdfast.Node.Hosting;

/// <summary>How many connections each account has open, so that none takes the descriptors that the agent needs.</summary>
internal sealed class ConnectionCount
{
    /// <summary>Of one account. A connection carries many calls at once: a service needs one.</summary>
    public const int Most = 64;

    private readonly Dictionary<string, int> open = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    /// <summary>False: it has as many as it may.</summary>
    public bool TryEnter(string account)
    {
        lock (gate)
        {
            var count = open.GetValueOrDefault(account);
            if (count >= Most) return false;
            open[account] = count + 1;
            return true;
        }
    }

    /// <summary>For each time that <see cref="TryEnter"/> was true.</summary>
    public void Leave(string account)
    {
        lock (gate)
        {
            if (--open[account] == 0) open.Remove(account);
        }
    }
}
