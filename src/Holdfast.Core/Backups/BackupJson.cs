using System.Text.Json.Serialization;

namespace Holdfast.Core.Backups;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(BackupManifest))]
[JsonSerializable(typeof(BackupForm))]
internal sealed partial class BackupJson : JsonSerializerContext;

/// <summary>Of any manifest, also of a later form: enough to say which version reads it.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record BackupForm(int Format, string? Product);
