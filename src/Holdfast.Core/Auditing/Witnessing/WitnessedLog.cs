using System.Text;
using Holdfast.Core.Auditing.Tree;

namespace Holdfast.Core.Auditing.Witnessing;

/// <summary>That a log contradicts what a witness holds of it.</summary>
/// <param name="What">One sentence.</param>
/// <param name="Note">What was offered, signed by the log's key: beside what is held, it is the evidence.</param>
/// <param name="At">When it was noticed.</param>
public sealed record LogFork(string What, string Note, DateTimeOffset At);

/// <summary>What a witness holds of another node's log: the last checkpoint that it has cosigned. It never goes back.</summary>
public sealed record WitnessedLog
{
    public required string Origin { get; init; }

    /// <summary>The node that offers it, by its certificate. What another one says under the same origin is held apart, and does not touch it.</summary>
    public required string Node { get; init; }

    /// <summary>The log's public key as it was then, PEM: pinned.</summary>
    public required string Key { get; init; }

    /// <summary>The signed checkpoint.</summary>
    public required string Note { get; init; }

    public required DateTimeOffset FirstSeen { get; init; }

    /// <summary>When <see cref="Note"/> was cosigned.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Null: the log has never contradicted itself here. It stays for good.</summary>
    public LogFork? Fork { get; init; }

    /// <summary>Key and checkpoint; null, and why: what is held is not what was written.</summary>
    public (NoteKey Key, Checkpoint Checkpoint)? Open(out string why)
    {
        var key = NoteKey.FromPem(Key);
        why = key.IsOk ? "" : key.Problems[0].Why ?? key.Problems[0].What;
        if (!key.IsOk) return null;
        return Checkpoint.Open(Encoding.UTF8.GetBytes(Note), key.Value, out why) is { } checkpoint && checkpoint.Origin == Origin ? (key.Value, checkpoint) : null;
    }
}
