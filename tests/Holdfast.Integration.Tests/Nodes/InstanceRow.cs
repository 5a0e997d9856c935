using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Holdfast.Rpc.V1;

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

    /// <summary>The row that <c>ps -o json</c> makes of it.</summary>
    public static InstanceRow From(Instance seen) => new(
        seen.Service, seen.Release, seen.Instance_, seen.Node, seen.State, seen.Health, seen.Pid, Stamp(seen.StartedAt), seen.Restarts,
        seen.Cpu >= 0 ? Math.Round(seen.Cpu, 4) : null, seen.MemoryBytes >= 0 ? seen.MemoryBytes : null, seen.PackageDigest, seen.Reason, seen.Supervisor);

    private static DateTimeOffset? Stamp(Timestamp? at) => at is null ? null : DateTimeOffset.FromUnixTimeMilliseconds(at.ToDateTimeOffset().ToUnixTimeMilliseconds());
}
