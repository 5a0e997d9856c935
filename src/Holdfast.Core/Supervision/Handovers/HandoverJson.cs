using System.Text.Json.Serialization;

namespace Holdfast.Core.Supervision.Handovers;

/// <summary>
/// How a handover is written: as the supervisor's other documents. A key that a build does not know is skipped; a phase, a cause or a format
/// that it does not know makes it refuse.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    IgnoreReadOnlyProperties = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SupervisorHandover))]
[JsonSerializable(typeof(HandoverProof))]
public sealed partial class HandoverJson : JsonSerializerContext;
