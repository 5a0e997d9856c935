namespace Holdfast.Core.Shipping;

/// <summary>Where events come from: the captured output of an instance, the files that it writes, the events of its runtime, or a stream of the node's own.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="Name">As the ledger shows it: the instance's name, with <see cref="FilesEnding"/> for its files, or one of <see cref="OfNode"/>.</param>
/// <param name="Service">Whose it is; null: the node's own.</param>
public sealed record EventStream(string Node, string Name, string? Service)
{
    /// <summary>The stream of what happened to services, which no service wrote.</summary>
    public const string Journal = "journal";

    /// <summary>The stream of the entries of the node's audit log.</summary>
    public const string Audit = "audit";

    /// <summary>The stream of what the agent says of itself.</summary>
    public const string Agent = "agent";

    /// <summary>The streams of the node's own.</summary>
    public static IReadOnlyList<string> OfNode { get; } = [Journal, Audit, Agent];

    /// <summary>What the stream of an instance's files is called behind the instance's name: no name of an instance ends so.</summary>
    public const string FilesEnding = ".files";

    /// <summary>And that of the events that its runtime gives.</summary>
    public const string EventsEnding = ".events";

    /// <summary>The instance, or what else it is of.</summary>
    public string Instance => Name.EndsWith(FilesEnding, StringComparison.Ordinal) ? Name[..^FilesEnding.Length]
        : Name.EndsWith(EventsEnding, StringComparison.Ordinal) ? Name[..^EventsEnding.Length]
        : Name;

    /// <summary>What its events are of (<c>event.dataset</c>). A service may be called as a stream is: what is ours has our name before it, as the schema wants it.</summary>
    public string Dataset => Service ?? (Name is Audit or Agent ? $"holdfast.{Name}" : Name);

    /// <summary>
    /// What the ids of its events begin with; the sequence follows. The same line has the same id in every sink and after every restart, and no other line has it: a folder that was
    /// deleted and made again has another set.
    /// </summary>
    /// <param name="set">The id of its numbering.</param>
    public string IdsBegin(Guid set) => $"{Node}.{Name}.{set.ToString("n")[..12]}.";
}
