namespace Holdfast.Node.Operations;

/// <summary>Who is behind an entry, and from where, where a call is.</summary>
/// <param name="Name">As the record has it.</param>
/// <param name="Origin">Null: no call is behind it, the agent does it by itself.</param>
/// <param name="Why">What the caller says for the record; null: nothing.</param>
internal readonly record struct Actor(string Name, CallOrigin? Origin = null, string? Why = null)
{
    /// <summary>The detail that says why somebody wanted it, in his own words; <c>reason</c> is what came of it, in ours.</summary>
    public const string WhyDetail = "why";

    public override string ToString() => Name;

    /// <summary>Details with those that say from where, and why.</summary>
    public IReadOnlyDictionary<string, string> With(IReadOnlyDictionary<string, string> details)
    {
        if (Origin is null && Why is null) return details;
        var all = new Dictionary<string, string>(details);
        if (Why is not null) all.TryAdd(WhyDetail, Why);
        if (Origin is null) return all;
        foreach (var (key, value) in Origin.Details) all[key] = value;
        return all;
    }

    /// <summary>Somebody of whom no call is known.</summary>
    public static implicit operator Actor(string name) => new(name);
}
