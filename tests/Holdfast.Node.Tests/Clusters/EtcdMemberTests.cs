using Holdfast.Core.Supervision;
using Holdfast.Identity.Certificates;
using Holdfast.Node.Clusters;
using Holdfast.Node.Tests.Operations;
using Holdfast.Testing.Storage;

namespace Holdfast.Node.Tests.Clusters;

/// <summary>What the supervisor is given to run as this node's member of etcd, and when it is not.</summary>
public sealed class EtcdMemberTests : IDisposable
{
    private readonly ClusterHome home = new();
    private readonly FakeSupervisor supervisor = new();

    public void Dispose() => home.Dispose();

    [Fact]
    public void The_plan_names_the_member_its_addresses_and_certificates_of_etcds_own_authority()
    {
        var member = new EtcdMemberFile(
            "b", "10.0.0.2:2379", "b.bank.example:2380", new Dictionary<string, string> { ["b"] = "https://b.bank.example:2380", ["a"] = "https://a.bank.example:2380" }, IsNew: false, ClusterHome.Etcd);
        var plan = EtcdMember.Plan(member, home.Home, new('0', 64));
        var pki = new EtcdPkiFiles(home.Home);
        Assert.Equal((EtcdMember.Instance, "etcd", ClusterHome.Etcd), (plan.Instance, plan.Service, plan.Executable));
        (string, string)[] expected =
        [
            ("--name", "b"), ("--data-dir", EtcdMember.DataFolder(home.Home)), ("--listen-client-urls", "https://10.0.0.2:2379"), ("--advertise-client-urls", "https://10.0.0.2:2379"),
            ("--listen-peer-urls", "https://0.0.0.0:2380"), ("--initial-advertise-peer-urls", "https://b.bank.example:2380"),
            ("--initial-cluster", "a=https://a.bank.example:2380,b=https://b.bank.example:2380"), ("--initial-cluster-state", "existing"), ("--auto-compaction-retention", "10h"),
            ("--trusted-ca-file", pki.Roots), ("--cert-file", pki.Server), ("--peer-trusted-ca-file", pki.Roots), ("--peer-cert-file", pki.Peer), ("--peer-cert-allowed-cn", EtcdAuthority.PeerCommonName),
        ];
        Assert.All(expected, pair => Assert.Equal(pair.Item2, plan.Arguments[plan.Arguments.ToList().IndexOf(pair.Item1) + 1]));
        Assert.Contains("--pre-vote", plan.Arguments);
        Assert.Contains("--client-cert-auth", plan.Arguments);
        Assert.Contains("--peer-client-cert-auth", plan.Arguments);
        Assert.True(DesiredInstances.SamePlan(plan, EtcdMember.Plan(member, home.Home, new('0', 64))));
        Assert.False(DesiredInstances.SamePlan(plan, EtcdMember.Plan(member, home.Home, new('1', 64))));
    }

    [EtcdFact]
    public async Task The_supervisor_is_given_it_again_and_again_without_a_change()
    {
        var member = (await BegunAsync(home)).Member!;
        Assert.True((await EnsureAsync(home, member)).IsOk);
        var first = supervisor.Of(EtcdMember.Instance);
        Assert.True((await EnsureAsync(home, member)).IsOk);
        Assert.True(DesiredInstances.Same(first, supervisor.Of(EtcdMember.Instance)));
        Assert.True(File.Exists(first.Plan.AdmissionRecord));
        Assert.Contains(home.Warned, w => w.Contains("end of life", StringComparison.Ordinal) || w.Length > 0);

        Assert.True((await EtcdMemberStart.EnsureNoneAsync(supervisor, default)).IsOk);
        Assert.Empty((await supervisor.ListAsync(default)).Value);
    }

    [EtcdFact]
    public async Task Law01_an_etcd_that_the_policy_does_not_pin_is_not_begun_with_and_the_line_to_add_is_said()
    {
        using var strict = new ClusterHome(pinned: false);
        var refused = Assert.Single((await strict.BeginAsync(strict.Managed("strict"))).Problems);
        Assert.Equal("trust.host-executable", refused.Rule);
        Assert.Matches(@"hostExecutables: - \{path: /usr/bin/etcd, sha256: [0-9a-f]{64}\}", refused.Mend!);
        Assert.False(ClusterFile.IsIn(strict.Home));
    }

    [EtcdFact]
    public async Task Law01_an_etcd_that_is_not_pinned_any_more_is_not_given_but_one_that_runs_runs_on()
    {
        var member = (await BegunAsync(home)).Member!;
        Assert.True((await EnsureAsync(home, member)).IsOk);
        var policy = await File.ReadAllTextAsync(home.Home.TrustPolicy);
        await File.WriteAllTextAsync(home.Home.TrustPolicy, policy[..policy.IndexOf("hostExecutables", StringComparison.Ordinal)]);

        Assert.True((await EnsureAsync(home, member)).IsOk);
        Assert.Contains(home.Warned, w => w.Contains("would not be started again", StringComparison.Ordinal));
        supervisor.Forget();
        Assert.Equal("trust.host-executable", Assert.Single((await EnsureAsync(home, member)).Problems).Rule);
        Assert.Empty((await supervisor.ListAsync(default)).Value);
    }

    [Theory]
    [InlineData("etcd Version: 3.5.33\nGit SHA: x\n", "3.5.33")]
    [InlineData("{\"level\":\"warn\"}\n  etcd Version: 3.6.14\r\n", "3.6.14")]
    [InlineData("something else", "")]
    public void The_version_is_read_from_what_etcd_says(string said, string version) => Assert.Equal(version, EtcdProgram.VersionIn(said));

    private static async Task<ClusterFile> BegunAsync(ClusterHome home)
    {
        var begun = await home.BeginAsync(home.Managed("managed"));
        Assert.True(begun.IsOk, string.Join("; ", begun.Problems));
        return begun.Value;
    }

    private Task<Core.Problems.Outcome<Core.Problems.Done>> EnsureAsync(ClusterHome of, EtcdMemberFile member) =>
        EtcdMemberStart.EnsureAsync(supervisor, member, of.Home, of.Warned.Add, TimeProvider.System, CancellationToken.None);
}
