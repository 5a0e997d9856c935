using System.Runtime.InteropServices;

namespace Holdfast.Platform.Windows.Births;

/// <summary>One process to be born.</summary>
internal sealed record BirthRequest
{
    /// <summary>Absolute path.</summary>
    public required string Executable { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Null: ours.</summary>
    public string? Folder { get; init; }

    public required SafeHandle Input { get; init; }

    public required SafeHandle Output { get; init; }

    public required SafeHandle Error { get; init; }

    /// <summary>It is born in this job; null: in ours, if we are in one.</summary>
    public SafeHandle? Job { get; init; }

    /// <summary>Creation flags beside those that every birth has: priority, console.</summary>
    public required uint Flags { get; init; }
}
