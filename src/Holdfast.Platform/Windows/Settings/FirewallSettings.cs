using System.Runtime.Versioning;
using Holdfast.Core.Firewall;

namespace Holdfast.Platform.Windows.Settings;

/// <summary>
/// Windows' firewall, from where it keeps itself. Group policies have keys of the same form, and count as well; what they set of a profile goes
/// before the machine's own, and where one forbids the machine's own rules (AllowLocalPolicyMerge), these count for nothing.
/// </summary>
[SupportedOSPlatform("windows")]
public static class FirewallSettings
{
    private const string Own = @"SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy";
    private const string Policy = @"SOFTWARE\Policies\Microsoft\WindowsFirewall";

    /// <summary>Profiles by the names that rules have for them, and their keys.</summary>
    private static readonly (string Name, string Key)[] Profiles = [("Domain", "DomainProfile"), ("Private", "StandardProfile"), ("Public", "PublicProfile")];

    public static FirewallState Read() => new(
        [.. from profile in Profiles select new FirewallProfile(profile.Name, Setting(profile, "EnableFirewall") != 0, Setting(profile, "DefaultInboundAction") == 0)],
        [.. from key in Profiles.Any(IsPolicyAlone) ? new[] { Policy } : [Own, Policy]
            from value in WindowsSettings.Texts($@"{key}\FirewallRules")
            let rule = FirewallRule.Parse(value.Name, Environment.ExpandEnvironmentVariables(value.Text))
            where rule is not null
            select rule]);

    private static bool IsPolicyAlone((string Name, string Key) profile) => Setting(profile, "AllowLocalPolicyMerge") == 0;

    /// <summary>In policies the private profile is PrivateProfile or, from older ones, StandardProfile.</summary>
    private static int? Setting((string Name, string Key) profile, string setting) =>
        WindowsSettings.Number($@"{Policy}\{profile.Name}Profile", setting)
        ?? WindowsSettings.Number($@"{Policy}\{profile.Key}", setting)
        ?? WindowsSettings.Number($@"{Own}\{profile.Key}", setting);
}
