namespace Holdfast.Node.Operations;

/// <summary>Who is behind an entry, and from where, where a call is.</summary>
/// <param name="Name">As the record has it.</param>
/// <param name="Origin">Null: no call is behind it, the agent does it by itself.</param>
internal readonly record struct Actor(string Name, CallOrigin? Origin = null)
{
    public override string ToString() => Name;

    /// <summary>Details with those that say from where.</summary>
    public IReadOnlyDictionary<string, string> With(IReadOnlyDictionary<string, string> details)
    {
        if (Origin is null) return details;
        var all = new Dictionary<string, string>(details);
        foreach (var (key, value) in Origin.Details) all[key] = value;
        return all;
    }

    /// <summary>Somebody of whom no call is known.</summary>
    public static implicit operator Actor(string name) => new(name);
}
