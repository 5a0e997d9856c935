using System.Text.Json;
using System.Text.Json.Serialization;

namespace Holdfast.Core.Packages;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AdmissionRecord))]
[JsonSerializable(typeof(HostExecutableRecord))]
internal sealed partial class AdmissionJson : JsonSerializerContext;
