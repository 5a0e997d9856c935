namespace Holdfast.Core.Supervision.Handovers;

/// <summary>What was prepared for an instance's present run, and holds for hooks and probes that are still to be started.</summary>
public sealed record LaunchHandover
{
    /// <summary>The descriptor of the socket on which it tells us how it is; null: it has none.</summary>
    public int? NotifySocket { get; init; }

    /// <summary>Whom that socket belongs to; null: our own account.</summary>
    public uint? NotifyOwner { get; init; }

    /// <summary>The run that the secrets were prepared for.</summary>
    public long? PreparedFor { get; init; }

    /// <summary>The secrets' files by name.</summary>
    public IReadOnlyDictionary<string, string> SecretPaths { get; init; } = new Dictionary<string, string>();

    /// <summary>What must never reach the output.</summary>
    public IReadOnlyList<byte[]> SecretValues { get; init; } = [];

    /// <summary>Where the package's secret files are; null: it has none.</summary>
    public string? PackageSecrets { get; init; }
}
