using System.Text.Json;
using System.Text.Json.Serialization;
using Holdfast.Core.NativeServices;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Node.Supervisors;
using Holdfast.Platform;

namespace Holdfast.Node.Pinning;

/// <summary>
/// What is pinned of a service whose program lies on the host, unpackaged: the document <c>pin.json</c> beside its supervisor's orders. The
/// digests themselves are in a sealed admission record, which every start is checked against.
/// </summary>
public sealed record Pin
{
    public string ApiVersion { get; init; } = V1;

    public required string Service { get; init; }

    /// <summary>Absolute, without links.</summary>
    public required string Executable { get; init; }

    /// <summary>Folders, relative to the executable's, that the service writes and that are not pinned.</summary>
    public IReadOnlyList<string> Writable { get; init; } = [];

    /// <summary>Nothing but the executable is pinned: its folder is the system's, or too large.</summary>
    public bool ExecutableOnly { get; init; }

    /// <summary>What the service manager starts before it, by the service manager's names.</summary>
    public IReadOnlyList<string> Dependencies { get; init; } = [];

    public NativeStartType Start { get; init; }

    /// <summary>On Windows the account that the service manager logs on, for supervisor and service alike: its spec's <c>user</c>. Null: its own, LocalSystem.</summary>
    public string? LogOnAs { get; init; }

    /// <summary>How often it was pinned or changed; the release that its instance shows.</summary>
    public required int Release { get; init; }

    public required DateTimeOffset PinnedAt { get; init; }

    public required string PinnedBy { get; init; }

    [JsonIgnore]
    public string Folder => Path.GetDirectoryName(Executable)!;

    private const string V1 = "holdfast/v1";

    /// <summary>Null: the service of this place is not pinned.</summary>
    public static Outcome<Pin>? Read(SupervisorPlace place)
    {
        ArgumentNullException.ThrowIfNull(place);
        try
        {
            if (!File.Exists(place.Pin)) return null;
            if (JsonSerializer.Deserialize(SharedFile.ReadAllBytes(place.Pin), PinJson.Default.Pin) is { ApiVersion: V1 } pin && pin.Service == place.Service) return pin;
            return Damaged(place.Pin, "it is not a pin of that service");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            return Damaged(place.Pin, failure.Message);
        }
    }

    /// <summary>Of the account that the supervisor of a place runs under; null: the node's own.</summary>
    internal static string? AccountSidOf(SupervisorPlace place)
    {
        if (place.IsShared) return null;
        var account = Read(place) is { IsOk: true, Value.LogOnAs: { } pinned } ? pinned : NativeAccount.Read(place);
        return account is not null && AccountDirectory.Find(new UserSpec(account)).TryGet(out var found) ? found.Sid : null;
    }

    internal Outcome<Done> Write(SupervisorPlace place) => DurableFile.Write(place.Pin, JsonSerializer.SerializeToUtf8Bytes(this, PinJson.Default.Pin));

    private static Problem Damaged(string file, string why) => new(ProblemKind.Damaged, "pin.unreadable", $"{file} cannot be read.")
    {
        Why = why,
        Mend = "run it as root; or remove the service (holdfast service remove) and install it again",
    };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(Pin))]
internal sealed partial class PinJson : JsonSerializerContext;
