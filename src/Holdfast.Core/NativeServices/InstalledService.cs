namespace Holdfast.Core.NativeServices;

/// <summary>What the SCM keeps of a service, as far as it tells.</summary>
/// <param name="Unknown">What it did not tell: the config has a default there that means nothing.</param>
public sealed record InstalledService(NativeServiceConfig Config, IReadOnlyList<NativeSetting> Unknown);
