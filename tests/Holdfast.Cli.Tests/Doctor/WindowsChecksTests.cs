using Holdfast.Cli.Doctor;
using Holdfast.Cli.Doctor.Windows;
using Holdfast.Core.Firewall;
using Holdfast.Core.NativeServices;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Platform.Windows.Files;

namespace Holdfast.Cli.Tests.Doctor;

/// <summary>What the doctor makes of a Windows's facts. That the facts are read, the self-test shows.</summary>
public sealed class WindowsChecksTests
{
    private const string SubSystems = "csrss.exe SharedSection=1024,20480,768 Windows=On";

    private static readonly FirewallProfile[] Guarded = [new("Domain", true, false), new("Private", true, false), new("Public", true, false)];

    [Theory]
    [InlineData("Windows Server 2019 Standard", "10.0.17763", nameof(Verdict.Good))]
    [InlineData("Windows Server 2022 Datacenter", "10.0.20348", nameof(Verdict.Good))]
    [InlineData("Windows Server 2016 Standard", "10.0.14393", nameof(Verdict.Broken))]
    [InlineData(null, "6.3.9600", nameof(Verdict.Broken))]
    public void Windows_Server_2019_is_the_least(string? product, string version, string verdict)
    {
        var finding = WindowsCheck.Judge(new(product, Version.Parse(version), @"BANK\admin", true)).First();
        Assert.Equal(verdict, finding.Verdict.ToString());
        Assert.Contains(version.Split('.')[^1], finding.What, StringComparison.Ordinal);
        AssertMended(finding);
    }

    [Theory]
    [InlineData(true, nameof(Verdict.Good))]
    [InlineData(false, nameof(Verdict.Lacking))]
    public void Who_asks_should_be_elevated(bool isElevated, string verdict)
    {
        var finding = WindowsCheck.Judge(new("Windows", new(10, 0, 20348), @"BANK\admin", isElevated)).Last();
        Assert.Equal(verdict, finding.Verdict.ToString());
        Assert.Contains(@"BANK\admin", finding.What, StringComparison.Ordinal);
        AssertMended(finding);
    }

    [Theory]
    [InlineData("NTFS", false, nameof(Verdict.Good))]
    [InlineData("ReFS", false, nameof(Verdict.Good))]
    [InlineData("NTFS", true, nameof(Verdict.Lacking))]
    [InlineData("FAT32", false, nameof(Verdict.Broken))]
    [InlineData("exFAT", false, nameof(Verdict.Broken))]
    public void The_home_needs_access_lists(string fileSystem, bool isRemote, string verdict)
    {
        var finding = VolumeCheck.Judge(@"D:\Holdfast", new(@"D:\", fileSystem, isRemote));
        Assert.Equal(verdict, finding.Verdict.ToString());
        AssertMended(finding);
    }

    [Fact]
    public void A_volume_that_is_not_told_is_said_to_be_so() => Assert.Equal(Verdict.Lacking, VolumeCheck.Judge(@"D:\Holdfast", null).Verdict);

    [Theory]
    [InlineData(true, 120, 300, nameof(Verdict.Good))]
    [InlineData(false, 120, 180, nameof(Verdict.Good))]
    [InlineData(false, 120, 0, nameof(Verdict.Good))]
    [InlineData(false, 120, 260, nameof(Verdict.Lacking))]
    [InlineData(false, 210, 0, nameof(Verdict.Lacking))]
    public void Paths_fit_or_long_ones_are_on(bool areLong, int before, int longest, string verdict)
    {
        var finding = PathCheck.Judge(new(areLong, before, longest == 0 ? null : new string('x', longest)));
        Assert.Equal(verdict, finding.Verdict.ToString());
        AssertMended(finding);
    }

    [Theory]
    [InlineData(NativeState.Running, "NT5DS", nameof(Verdict.Good))]
    [InlineData(NativeState.Running, "NTP", nameof(Verdict.Good))]
    [InlineData(NativeState.Running, null, nameof(Verdict.Good))]
    [InlineData(NativeState.Running, "NoSync", nameof(Verdict.Lacking))]
    [InlineData(NativeState.Stopped, "NTP", nameof(Verdict.Lacking))]
    [InlineData(null, null, nameof(Verdict.Lacking))]
    public void Somebody_keeps_the_clock_right(NativeState? state, string? source, string verdict)
    {
        var finding = TimeCheck.Judge(new(state, source));
        Assert.Equal(verdict, finding.Verdict.ToString());
        AssertMended(finding);
    }

    [Theory]
    [InlineData("v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=8080|Name=pay|", nameof(Verdict.Good), null)]
    [InlineData("v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|Profile=Domain|LPort=8080|Name=pay|", nameof(Verdict.Good), null)]
    [InlineData("v2.30|Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort=8080|Name=pay|", nameof(Verdict.Lacking), "Disable-NetFirewallRule -Name '{0F}'")]
    [InlineData("v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=9090|Name=other|", nameof(Verdict.Lacking), "netsh advfirewall firewall add rule name=\"Holdfast payments http\" dir=in action=allow protocol=TCP localport=8080")]
    public void A_port_that_nobody_may_reach_has_the_command_that_opens_it(string rule, string verdict, string? mend)
    {
        var finding = Assert.Single(FirewallCheck.Judge([Plan(("http", 8080))], new(Guarded, [FirewallRule.Parse("{0F}", rule)!])));
        Assert.Equal(verdict, finding.Verdict.ToString());
        Assert.Contains("port 8080 of payments (http)", finding.What, StringComparison.Ordinal);
        if (mend is null) Assert.Null(finding.Mend);
        else Assert.EndsWith(mend, finding.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_port_is_asked_for_and_none_makes_no_finding()
    {
        Assert.Equal(2, FirewallCheck.Judge([Plan(("http", 8080), ("admin", 8081))], new([], [])).Count);
        Assert.Empty(FirewallCheck.Judge([Plan()], new(Guarded, [])));
    }

    [Fact]
    public void The_room_on_the_shared_desktop_is_told_before_it_is_gone()
    {
        var empty = Assert.Single(DesktopHeapCheck.Judge(SubSystems, [@"NT SERVICE\payments"]));
        Assert.Equal((Verdict.Good, true), (empty.Verdict, empty.What.EndsWith("109 more", StringComparison.Ordinal)));

        var full = DesktopHeapCheck.Judge(SubSystems, [.. Enumerable.Repeat("LocalSystem", 110), "LocalService"]).ToList();
        Assert.Equal([Verdict.Lacking, Verdict.Good], full.Select(finding => finding.Verdict));
        Assert.Contains("0xC0000142", full[0].What, StringComparison.Ordinal);
        AssertMended(full[0]);

        Assert.Equal(Verdict.Lacking, Assert.Single(DesktopHeapCheck.Judge(null, [])).Verdict);
    }

    [Theory]
    [InlineData(null, false, null, nameof(Verdict.Good))]
    [InlineData(null, false, "payments", nameof(Verdict.Lacking))]
    [InlineData(@"C:\old\holdfast-event-messages.dll", false, "payments", nameof(Verdict.Lacking))]
    [InlineData(@"C:\old\holdfast-event-messages.dll", false, null, nameof(Verdict.Lacking))]
    [InlineData(@"C:\Program Files\Holdfast\holdfast-event-messages.dll", true, "payments", nameof(Verdict.Good))]
    public void Event_Viewer_finds_its_sentences(string? library, bool isThere, string? service, string verdict)
    {
        var finding = EventLogCheck.Judge(new(library, isThere, service));
        Assert.Equal(verdict, finding.Verdict.ToString());
        AssertMended(finding);
    }

    /// <summary>What is not good says what to do.</summary>
    private static void AssertMended(Finding finding) => Assert.Equal(finding.Verdict == Verdict.Good, finding.Mend is null);

    private static InstancePlan Plan(params (string Name, int Port)[] ports) => new()
    {
        Instance = "payments-0",
        Service = "payments",
        Release = 1,
        PackageDigest = "sha256:00",
        AdmissionRecord = "",
        CodeFolder = "",
        DataFolder = "",
        OutputFolder = "",
        WorkingFolder = "",
        Executable = @"C:\Payments\payments.exe",
        Arguments = [],
        Environment = new Dictionary<string, string>(),
        Ports = ports.ToDictionary(port => port.Name, port => port.Port),
        Spec = new ServiceSpec { Name = "payments", Command = ["payments.exe"] },
    };
}
