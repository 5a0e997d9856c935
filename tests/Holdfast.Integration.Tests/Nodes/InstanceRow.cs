using System.Text.Json;

namespace Holdfast.Integration.Tests.Nodes;

/// <summary>The fields of <c>ps -o json</c> that scripts rely on.</summary>
public sealed record InstanceRow(
    string Service, int Release, string Instance, string Node, string State, string Health, int Pid, DateTimeOffset? StartedAt, int Restarts,
    double? Cpu, long? MemoryBytes, string PackageDigest, string Reason, string Supervisor)
{
    public static InstanceRow From(JsonElement row) => new(
        row.GetProperty("service").GetString()!,
        row.GetProperty("release").GetInt32(),
        row.GetProperty("instance").GetString()!,
        row.GetProperty("node").GetString()!,
        row.GetProperty("state").GetString()!,
        row.GetProperty("health").GetString()!,
        row.GetProperty("pid").ValueKind == JsonValueKind.Number ? row.GetProperty("pid").GetInt32() : 0,
        row.GetProperty("startedAt").ValueKind == JsonValueKind.String ? row.GetProperty("startedAt").GetDateTimeOffset() : null,
        row.GetProperty("restarts").GetInt32(),
        row.GetProperty("cpu").ValueKind == JsonValueKind.Number ? row.GetProperty("cpu").GetDouble() : null,
        row.GetProperty("memoryBytes").ValueKind == JsonValueKind.Number ? row.GetProperty("memoryBytes").GetInt64() : null,
        row.GetProperty("packageDigest").GetString()!,
        row.GetProperty("reason").GetString() ?? "",
        // The version before this one does not say.
        row.TryGetProperty("supervisor", out var supervisor) ? supervisor.GetString() ?? "" : "");
}
