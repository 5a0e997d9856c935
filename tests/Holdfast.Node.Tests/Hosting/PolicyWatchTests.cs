using Holdfast.Core.Auditing;
using Holdfast.Node.Hosting;
using Holdfast.Node.Operations;
using Holdfast.Packaging.Tests.Kit;
using Holdfast.Platform;
using Holdfast.Telemetry.Auditing;
using Holdfast.Testing.Clocks;

namespace Holdfast.Node.Tests.Hosting;

public sealed class PolicyWatchTests
{
    private readonly ManualClock clock = new();

    [Fact]
    public void Law07_an_edited_policy_file_is_an_entry_with_both_digests_also_when_no_agent_ran()
    {
        using TempFolder root = new();
        Home home = new(root["home"]);
        Law.Ok(HomeFolders.Ensure(home));
        using var audit = Law.Ok(AuditLog.Open(home.Audit, AuditRedaction.Options("node-1"), clock));
        var sinks = Path.Combine(home.Policy, "sinks.yaml");
        File.WriteAllText(sinks, "one");

        var watch = new PolicyWatch(home, new ChangeRecord(audit));
        Law.Ok(watch.Look());
        Law.Ok(watch.Look());
        Assert.Equal([("policy/sinks.yaml", "none", Digest("one"))], Changes(home));

        File.WriteAllText(sinks, "two");
        Law.Ok(watch.Look());
        File.WriteAllText(sinks, "three");
        File.WriteAllText(Path.Combine(home.Policy, "fencing.yaml"), "f");
        // The next agent.
        watch = new PolicyWatch(home, new ChangeRecord(audit));
        Law.Ok(watch.Look());
        File.Delete(sinks);
        Law.Ok(watch.Look());
        Law.Ok(new PolicyWatch(home, new ChangeRecord(audit)).Look());

        Assert.Equal(
            [
                ("policy/sinks.yaml", "none", Digest("one")), ("policy/sinks.yaml", Digest("one"), Digest("two")),
                ("policy/fencing.yaml", "none", Digest("f")), ("policy/sinks.yaml", Digest("two"), Digest("three")), ("policy/sinks.yaml", Digest("three"), "none"),
            ],
            Changes(home));
    }

    private static IEnumerable<(string, string, string)> Changes(Home home) =>
        AuditReader.Read(home.Audit, new()).Where(entry => entry.Action == PolicyChange.Action).Select(entry => (entry.Target, entry.Details["before"], entry.Details["after"]));

    private static string Digest(string text) => "sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
}
