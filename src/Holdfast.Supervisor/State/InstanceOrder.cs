using System.Text.Json.Serialization;
using Holdfast.Core.Supervision;

namespace Holdfast.Supervisor.State;

/// <summary>The agent's last word about an instance, as it is kept on disk.</summary>
/// <param name="Leaving">It is to be stopped and forgotten.</param>
internal sealed record InstanceOrder(DesiredInstance Desired, bool Leaving = false);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(InstanceOrder))]
internal sealed partial class StateJson : JsonSerializerContext;
