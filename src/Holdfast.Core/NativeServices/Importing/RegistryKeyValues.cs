namespace Holdfast.Core.NativeServices.Importing;

/// <summary>One key of the registry, and what is in it.</summary>
/// <param name="Path">The whole path: <c>HKEY_LOCAL_MACHINE\SYSTEM\…</c>.</param>
/// <param name="Values">By name, the default one's being empty.</param>
public sealed record RegistryKeyValues(string Path, IReadOnlyDictionary<string, RegistryValue> Values);
