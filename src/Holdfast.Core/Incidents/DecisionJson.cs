using System.Text.Json.Serialization;
using Holdfast.Core.Leadership;

namespace Holdfast.Core.Incidents;

/// <summary>
/// How decisions are kept. What this version does not know makes a line unreadable: a decision of which a part was skipped would be made again from something else.
/// What a later version adds has a value for where it is not there, so that the bundles of earlier versions are read.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    IgnoreReadOnlyProperties = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(LeaseTermsJson)])]
[JsonSerializable(typeof(IncidentLine))]
[JsonSerializable(typeof(LeaseInput.TimePassed), TypeInfoPropertyName = "LeaseTimePassed")]
[JsonSerializable(typeof(LeadershipInput.Held), TypeInfoPropertyName = "LeadershipHeld")]
[JsonSerializable(typeof(HoldInput.TimePassed), TypeInfoPropertyName = "HoldInputTimePassed")]
[JsonSerializable(typeof(HoldInput.Renewed), TypeInfoPropertyName = "HoldInputRenewed")]
[JsonSerializable(typeof(HoldInput.Lost), TypeInfoPropertyName = "HoldInputLost")]
[JsonSerializable(typeof(HoldInput.Saw), TypeInfoPropertyName = "HoldInputSaw")]
[JsonSerializable(typeof(HoldInput.Promised), TypeInfoPropertyName = "HoldInputPromised")]
[JsonSerializable(typeof(HoldInput.Changed), TypeInfoPropertyName = "HoldInputChanged")]
[JsonSerializable(typeof(HoldInput.TimeDoubted), TypeInfoPropertyName = "HoldInputTimeDoubted")]
[JsonSerializable(typeof(HoldEffect.Ask), TypeInfoPropertyName = "HoldEffectAsk")]
[JsonSerializable(typeof(HoldEffect.Extend), TypeInfoPropertyName = "HoldEffectExtend")]
[JsonSerializable(typeof(HoldEffect.HoldBack), TypeInfoPropertyName = "HoldEffectHoldBack")]
[JsonSerializable(typeof(HoldEffect.Fence), TypeInfoPropertyName = "HoldEffectFence")]
[JsonSerializable(typeof(Decision))]
public sealed partial class DecisionJson : JsonSerializerContext;
