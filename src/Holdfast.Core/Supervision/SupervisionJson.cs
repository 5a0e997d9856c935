using System.Text.Json.Serialization;
using Holdfast.Core.Supervision.Control;

namespace Holdfast.Core.Supervision;

/// <summary>How the supervisor's messages and files are written: compact JSON, names in camel case, enums by name; unknown keys are skipped, so that neighbouring versions understand each other.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DesiredInstance))]
[JsonSerializable(typeof(InstanceOrder))]
[JsonSerializable(typeof(InstancePlan))]
[JsonSerializable(typeof(InstanceStatus))]
[JsonSerializable(typeof(InstanceEvent))]
[JsonSerializable(typeof(InstanceMemory))]
[JsonSerializable(typeof(SupervisorIdentity))]
[JsonSerializable(typeof(Hello))]
[JsonSerializable(typeof(Request))]
[JsonSerializable(typeof(Response))]
[JsonSerializable(typeof(Change))]
[JsonSerializable(typeof(Taken))]
public sealed partial class SupervisionJson : JsonSerializerContext;
