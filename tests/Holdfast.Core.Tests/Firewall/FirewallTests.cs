using Holdfast.Core.Firewall;

namespace Holdfast.Core.Tests.Firewall;

/// <summary>Rules as Windows Server writes them ([MS-GPFAS] 2.2.2.19).</summary>
public sealed class FirewallTests
{
    private const string Program = @"C:\Program Files\Payments\payments.exe";
    private const string ByPort = "v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=8080|Name=payments|Desc=for the branches|EmbedCtxt=Holdfast|";

    private static readonly FirewallProfile[] All = [new("Domain", true, false), new("Private", true, false), new("Public", true, false)];

    [Fact]
    public void A_rule_is_read()
    {
        var rule = FirewallRule.Parse("{0F}", @"v2.10|Action=Block|Active=TRUE|Dir=In|Protocol=6|Profile=Domain|Profile=Private|LPort=80|LPort2_10=5000-5010|RA4=10.0.0.0/255.0.0.0|App=C:\a.exe|Svc=bits|Name=@FirewallAPI.dll,-1|Edge=TRUE|")!;
        Assert.Equal(("{0F}", "@FirewallAPI.dll,-1"), (rule.Id, rule.Title));
        Assert.False(rule.Allows);
        Assert.True(rule.IsActive && rule.IsInbound);
        Assert.Equal(6, rule.Protocol);
        Assert.Equal([(80, 80), (5000, 5010)], rule.Ports!);
        Assert.Equal((@"C:\a.exe", "bits"), (rule.Application, rule.Service));
        Assert.Equal(["Domain", "Private"], rule.Profiles);
        Assert.Equal(["RA4"], rule.Conditions);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no rule at all")]
    [InlineData("v2.30|")]
    [InlineData("v2.30|Action|Dir=In|")]
    [InlineData("v2.30|Action=Allow|Protocol=TCP|")]
    public void What_is_no_rule_is_left_out(string value) => Assert.Null(FirewallRule.Parse("x", value));

    [Theory]
    [InlineData(ByPort)]
    [InlineData("v2.30|Action=Allow|Active=TRUE|Dir=In|Name=everything|")]
    [InlineData("v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort2_10=8000-8100|Name=a range|")]
    [InlineData("v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|Profile=Domain|Profile=Private|Profile=Public|LPort=8080|Name=all profiles|")]
    [InlineData(@"v2.30|Action=Allow|Active=TRUE|Dir=In|App=c:\program files\payments\PAYMENTS.EXE|Name=by its program|")]
    [InlineData("v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=8080|Svc=*|Name=any service|")]
    public void Everybody_is_let_in_by(string rule) => Assert.IsType<FirewallAnswer.Open>(Ask(rule));

    [Theory]
    [InlineData("v2.30|Action=Allow|Active=FALSE|Dir=In|Protocol=6|LPort=8080|Name=off|")]
    [InlineData("v2.30|Action=Allow|Dir=In|Protocol=6|LPort=8080|Name=not said to be on|")]
    [InlineData("v2.30|Action=Allow|Active=TRUE|Dir=Out|Protocol=6|LPort=8080|Name=outwards|")]
    [InlineData("v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=17|LPort=8080|Name=UDP|")]
    [InlineData("v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=8081|Name=next door|")]
    [InlineData("v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=RPC|Name=a word for ports|")]
    [InlineData(@"v2.30|Action=Allow|Active=TRUE|Dir=In|App=C:\other.exe|Name=another program|")]
    [InlineData("v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=8080|Svc=W3SVC|Name=another service|")]
    [InlineData("v2.30|Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort=8081|Name=blocks another port|")]
    public void Nobody_is_let_in_by(string rule) => Assert.IsType<FirewallAnswer.Closed>(Ask(rule));

    [Theory]
    [InlineData("v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|Profile=Domain|LPort=8080|Name=the domain|")]
    [InlineData("v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=8080|RA4=LocalSubnet|Name=neighbours|")]
    [InlineData("v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=8080|RUAuth=O:LSD:(A;;CC;;;S-1-5-84-0-0-0-0-0)|Name=users|")]
    public void Some_are_let_in_by(string rule) => Assert.IsType<FirewallAnswer.Partly>(Ask(rule));

    [Fact]
    public void A_rule_that_blocks_beats_those_that_allow() => Assert.IsType<FirewallAnswer.Blocked>(Ask(ByPort, "v2.30|Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort=8080|Name=no|"));

    [Fact]
    public void A_rule_that_blocks_some_does_not_keep_all_out() => Assert.IsType<FirewallAnswer.Open>(Ask(ByPort, "v2.30|Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort=8080|RA4=10.1.1.1|Name=one|"));

    [Fact]
    public void A_rule_that_blocks_on_some_networks_leaves_the_others()
    {
        var partly = Assert.IsType<FirewallAnswer.Partly>(Ask(ByPort, "v2.30|Action=Block|Active=TRUE|Dir=In|Protocol=6|Profile=Public|LPort=8080|Name=not there|"));
        Assert.Equal(["Domain", "Private"], partly.Profiles);
        Assert.IsType<FirewallAnswer.Blocked>(Ask("v2.30|Action=Block|Active=TRUE|Dir=In|Protocol=6|Profile=Public|LPort=8080|Name=not there|"));
    }

    [Fact]
    public void A_rule_for_the_one_profile_that_is_on_is_for_all()
    {
        var rule = FirewallRule.Parse("x", "v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|Profile=Domain|LPort=8080|Name=the domain|")!;
        Assert.IsType<FirewallAnswer.Open>(new FirewallState([new("Domain", true, false), new("Public", false, false)], [rule]).Ask(8080, Program));
    }

    [Fact]
    public void Off_it_looks_at_no_rule_and_on_a_block_counts_though_it_lets_in_by_itself()
    {
        var block = FirewallRule.Parse("x", "v2.30|Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort=8080|Name=no|")!;
        Assert.IsType<FirewallAnswer.Off>(new FirewallState([new("Domain", false, false)], [block]).Ask(8080, Program));
        Assert.IsType<FirewallAnswer.Off>(new FirewallState([new("Domain", true, true)], []).Ask(8080, Program));
        Assert.IsType<FirewallAnswer.Blocked>(new FirewallState([new("Domain", true, true)], [block]).Ask(8080, Program));
    }

    [Fact]
    public void Where_it_lets_in_by_itself_on_some_networks_a_rule_is_needed_on_the_others()
    {
        FirewallProfile[] mixed = [new("Domain", true, true), new("Public", true, false)];
        Assert.IsType<FirewallAnswer.Open>(new FirewallState(mixed, [FirewallRule.Parse("x", ByPort)!]).Ask(8080, Program));
        Assert.IsType<FirewallAnswer.Closed>(new FirewallState(mixed, []).Ask(8080, Program));
    }

    private static FirewallAnswer Ask(params string[] rules) => new FirewallState(All, [.. rules.Select(rule => FirewallRule.Parse("x", rule)!)]).Ask(8080, Program);
}
