using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;
using Holdfast.Node.Clusters;
using Holdfast.Testing.Storage;

namespace Holdfast.Node.Tests.Clusters;

/// <summary>Which home becomes a witness, and of what.</summary>
public sealed class WitnessTests : IDisposable
{
    private static readonly EtcdMemberFile member = new("witness", "127.0.0.1:2379", "127.0.0.1:2380", new Dictionary<string, string>(), IsNew: false, "");

    private static readonly MemberBundle bundle = new(ClusterFile.V1, "EtcdMember", "prod", member, ["https://127.0.0.1:1"], new("server-key", "peer-key", "roots"), new("client-key", "roots"));

    private readonly ClusterHome home = new();

    public void Dispose() => home.Dispose();

    [EtcdFact]
    public async Task A_file_makes_a_witness_and_another_one_of_the_same_member_renews_its_certificates()
    {
        var file = home["witness.etcd-member"];
        Assert.True(bundle.Write(file).IsOk);
        var made = await InitAsync(MemberBundle.Read(file).Value);
        Assert.True(made.IsOk, string.Join("; ", made.Problems));
        Assert.Equal(ClusterHome.Etcd, made.Value.Executable);
        Assert.False(ClusterFile.IsIn(home.Home));

        Assert.True((await InitAsync(bundle with { Certificates = new("newer", "peer-key", "roots") })).IsOk);
        Assert.Equal("newer", await File.ReadAllTextAsync(new EtcdPkiFiles(home.Home).Server));
        Assert.Equal("cluster.bundle-of-other", Assert.Single((await InitAsync(bundle with { Cluster = "test" })).Problems).Rule);
        Assert.Equal("cluster.member-here", Assert.Single((await InitAsync(bundle with { Member = member with { Name = "another" } })).Problems).Rule);
    }

    [Fact]
    public async Task A_node_is_no_witness_and_an_empty_home_neither()
    {
        var empty = await new Witness(home.Home, _ => { }, TimeProvider.System).RunAsync("/nowhere", () => { }, CancellationToken.None);
        Assert.Equal("witness.none", Assert.Single(empty.Problems).Rule);
        Assert.True(new ClusterFile { Name = "prod", Node = "node-1", Etcd = [] }.Write(home.Home).IsOk);
        Assert.Equal("witness.is-node", Assert.Single((await InitAsync(bundle)).Problems).Rule);
    }

    [Fact]
    public void Law10_keys_are_not_in_what_is_said_of_a_file() => Assert.DoesNotContain("key", $"{bundle} {bundle.Certificates} {bundle.Client}", StringComparison.Ordinal);

    [Fact]
    public void What_is_no_such_file_is_said_to_be_none()
    {
        File.WriteAllText(home["odd"], "{}");
        Assert.Equal("cluster.bundle", Assert.Single(MemberBundle.Read(home["odd"]).Problems).Rule);
        Assert.Equal("cluster.bundle", Assert.Single(MemberBundle.Read(home["missing"]).Problems).Rule);
    }

    private Task<Outcome<EtcdMemberFile>> InitAsync(MemberBundle given) =>
        new Witness(home.Home, home.Warned.Add, TimeProvider.System).InitAsync(given, ClusterHome.Etcd, onWindows: false, CancellationToken.None);
}
