using System.Text.RegularExpressions;
using Holdfast.Packaging.Tests.Kit;
using Holdfast.Packaging.Trust;

namespace Holdfast.Packaging.Tests.Trust;

public sealed class SigningGuideTests
{
    [Fact]
    public void The_policy_in_the_guide_is_one()
    {
        using TestAuthority authority = new();
        using TempFolder folder = new();
        File.Copy(authority.RootFile, folder["bank-root.pem"]);
        var guide = File.ReadAllText(Path.Combine(Golden.Root, "docs/signing.md"));
        var yaml = Regex.Match(guide, "```yaml\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;

        var policy = TrustPolicy.Parse(yaml, folder["trust.yaml"]);

        Assert.True(policy.IsOk, string.Join("; ", policy.Problems));
        Assert.Equal([("payments*", 2, 3), ("*", 1, 0)], policy.Value.Signers.Select(s => (s.Service, s.Required, s.Identities.Count)));
        Assert.Equal("/usr/bin/java", policy.Value.HostExecutables.Single().Path);
        Assert.Equal((1, 1), (policy.Value.Revoked.Serials.Count, policy.Value.Revoked.Thumbprints.Count));
    }
}
