namespace Holdfast.Core.Firewall;

/// <summary>What the firewall does on networks of one kind.</summary>
/// <param name="Name">Domain, Private or Public.</param>
/// <param name="IsOn">Off, it looks at no rule.</param>
/// <param name="LetsIn">It lets in whom no rule names.</param>
public sealed record FirewallProfile(string Name, bool IsOn, bool LetsIn);
