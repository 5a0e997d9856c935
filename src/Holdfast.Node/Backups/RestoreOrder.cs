using Holdfast.Platform;

namespace Holdfast.Node.Backups;

/// <summary>What is to be restored, where, and how.</summary>
public sealed record RestoreOrder
{
    /// <summary>The backup's file, absolute.</summary>
    public required string File { get; init; }

    /// <summary>The home that it is to become.</summary>
    public required Home Home { get; init; }

    /// <summary>Who asked.</summary>
    public required string Actor { get; init; }

    /// <summary>The digest that was noted when it was made; null: any backup.</summary>
    public string? Expected { get; init; }

    /// <summary>A home that is there already is renamed, not refused. It is never deleted.</summary>
    public bool MoveAside { get; init; }

    /// <summary>Packages that the backup's trust policy refuses are left out, not a reason to refuse all.</summary>
    public bool WithoutRefused { get; init; }
}

/// <summary>What was restored.</summary>
public sealed record RestoreReceipt
{
    public required BackupReceipt Backup { get; init; }

    /// <summary>Services that the restored node wants.</summary>
    public required IReadOnlyList<string> Services { get; init; }

    /// <summary>Of the restored store: higher than that of the store that was copied.</summary>
    public required long Incarnation { get; init; }

    /// <summary>Where the home that was there is now; null: there was none.</summary>
    public string? MovedAside { get; init; }

    /// <summary>A sentence each: what is not as it was.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
