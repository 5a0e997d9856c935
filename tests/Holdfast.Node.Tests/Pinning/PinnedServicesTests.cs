using System.Text;
using System.Text.Json;
using Holdfast.Core.Access;
using Holdfast.Core.NativeServices;
using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Node.Access;
using Holdfast.Node.Pinning;
using Holdfast.Platform;
using Holdfast.Testing.Clocks;

namespace Holdfast.Node.Tests.Pinning;

[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class PinnedServicesTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("holdfast-pinned-").FullName;
    private readonly Home home;
    private readonly PinnedServices services;

    public PinnedServicesTests()
    {
        home = new(Path.Combine(root, "home"));
        services = new(home, new ManualClock());
        Directory.CreateDirectory(Path.Combine(App, "lib"));
        Directory.CreateDirectory(Path.Combine(App, "logs"));
        File.WriteAllText(Path.Combine(App, "ledger"), "a program");
        File.WriteAllText(Path.Combine(App, "lib", "one.so"), "a library");
        foreach (var entry in Directory.GetFileSystemEntries(App, "*", SearchOption.AllDirectories).Append(App)) Close(entry);
    }

    private string App => Path.Combine(root, "app");

    private string Program => Path.Combine(App, "ledger");

    private SupervisorPlace Place => services.PlaceOf("ledger");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void Law01_what_is_installed_is_what_lies_there_and_every_change_of_it_is_seen()
    {
        Install(new() { Writable = ["logs"] });
        Assert.Empty(Check());

        File.WriteAllText(Path.Combine(App, "logs", "ledger.log"), "a line");
        Assert.Empty(Check());

        File.AppendAllText(Path.Combine(App, "lib", "one.so"), "!");
        var changed = Assert.Single(Check());
        Assert.Equal(("admission.changed", "lib/one.so is not what was pinned"), (changed.Rule, changed.What));
        Assert.Contains("holdfast service trust ledger", changed.Mend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lib/two.so")]
    [InlineData("two.so")]
    public void Law01_what_is_added_to_a_pinned_folder_is_seen(string added)
    {
        Install(new() { Writable = ["logs"] });
        File.WriteAllText(Path.Combine(App, added), "another library");
        Assert.Equal("admission.changed", Assert.Single(Check()).Rule);
    }

    [Fact]
    public void Law01_a_pin_of_the_executable_alone_sees_that_and_nothing_else()
    {
        Install(new() { ExecutableOnly = true });
        File.WriteAllText(Path.Combine(App, "lib", "two.so"), "another library");
        Assert.Empty(Check());
        File.AppendAllText(Program, "!");
        Assert.Equal("admission.changed", Assert.Single(Check()).Rule);
    }

    [Fact]
    public void Law01_a_record_that_another_node_sealed_is_none()
    {
        Install(new());
        var key = File.ReadAllBytes(Path.Combine(home.Keys, SealedDocument.KeyFile));
        key[0] ^= 1;
        Assert.Equal(ProblemKind.Damaged, Assert.Single(Admission.Check(File.ReadAllBytes(Order().AdmissionRecord), key, Order().PackageDigest, FileFactsReader.Under(App)).Problems).Kind);
    }

    [Fact]
    public void Law08_all_that_stands_in_the_way_is_told_at_once_and_nothing_is_left()
    {
        File.SetUnixFileMode(Path.Combine(App, "lib", "one.so"), UnixFileMode.UserRead | UnixFileMode.GroupWrite);
        File.SetUnixFileMode(Path.Combine(App, "lib"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherWrite);
        File.CreateSymbolicLink(Path.Combine(App, "out"), "/etc/passwd");
        File.CreateSymbolicLink(Path.Combine(App, "in"), Path.Combine(App, "lib", "one.so"));

        var refused = services.Install(Pin(new() { Writable = ["nowhere"] }), Spec(), default);

        Assert.Equal(["pin.link", "pin.writable", "pin.writable-by-others", "pin.writable-by-others"], refused.Problems.Select(problem => problem.Rule).Order(StringComparer.Ordinal));
        Assert.False(Place.IsUsed);
        Assert.False(File.Exists(Place.Pin));
        Assert.Empty(services.List());
    }

    [Theory]
    [InlineData("after: [orders]", "after")]
    [InlineData("ports: {http: auto}", "auto")]
    [InlineData("placement: {mode: active-standby}", "active-standby")]
    public void Law08_what_only_an_agent_can_do_is_refused(string line, string told) =>
        Assert.Contains(told, Assert.Single(services.Install(Pin(new()), Spec(line), default).Problems).What, StringComparison.Ordinal);

    [Fact]
    public void Law01_a_policy_that_cannot_be_read_allows_nothing()
    {
        Directory.CreateDirectory(home.Policy);
        File.WriteAllText(home.TrustPolicy, "apiVersion: holdfast/v1\nkind: TrustPolicy\npinnedServices: sometimes\n");
        // That one which forbids it is obeyed, the journey of an installed service shows.
        Assert.Contains(services.Install(Pin(new()), Spec(), default).Problems, problem => problem.Rule == "policy.pinned-services");
        Assert.False(File.Exists(Place.Pin));
    }

    [Fact]
    public void A_name_that_is_taken_stays_with_who_has_it()
    {
        Install(new());
        Assert.Equal("pin.name-taken", Assert.Single(services.Install(Pin(new()), Spec(), default).Problems).Rule);
        Assert.Empty(Check());
    }

    /// <summary>Its program is then the account's and the group's alone, and still nobody's to write.</summary>
    [Fact]
    public async Task Law01_a_group_that_is_named_reads_the_program_and_the_pin_holds_when_it_is_made_so()
    {
        File.SetUnixFileMode(Path.Combine(App, "lib", "one.so"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Empty(services.Install(Pin(new() { Writable = ["logs"] }), Spec("access:\n  54321: read, execute\n"), default).Problems);
        var areas = ServiceAreas.Of(home, "ledger").Value;
        var ids = AccessReader.IdsOf(areas.Account);
        var found = areas.Areas.SelectMany(area => AccessWalk.Check(area, ids).Select(one => (area, one.Path, Told: string.Join("; ", one.Differences)))).ToList();
        Assert.Contains((areas.Areas[0], Path.Combine(App, "lib", "one.so"), "everybody may read it"), found);
        Assert.Contains(found, one => one.Path == Path.Combine(App, "logs") && one.area.Area == Areas.Written);

        Assert.All(found, one => Assert.Empty(AccessWalk.Set(one.area, one.Path, areas.Account).Problems));
        Assert.Empty(areas.Areas.SelectMany(area => AccessWalk.Check(area, ids)));
        Assert.Empty((await services.RenewAsync("ledger", "bob", null, null, default)).Problems);
        Assert.Empty(Check());
        Assert.Equal(AccessRights.Read | AccessRights.Execute, AccessReader.Read(Program)!.Entries.Single(entry => entry.Id == "g:54321").Rights);
    }

    [Fact]
    public void Law08_a_group_and_an_account_that_are_not_there_are_told_at_once() => Assert.Equal(
        ["account.no-such-user", "account.no-such-group"],
        services.Install(Pin(new()), Spec("user: no-such-account\naccess: {no-such-team: [read]}"), default).Problems.Select(problem => problem.Rule));

    [Fact]
    public async Task What_was_changed_on_purpose_is_pinned_anew_under_the_next_release()
    {
        Install(new() { Start = NativeStartType.Manual });
        File.AppendAllText(Program, "!");
        var renewed = await services.RenewAsync("ledger", "bob", null, Spec("description: another"), default);

        Assert.Empty(renewed.Problems);
        Assert.Equal((2, "bob", NativeStartType.Manual, "another"), (renewed.Value.Pin.Release, renewed.Value.Pin.PinnedBy, renewed.Value.Pin.Start, renewed.Value.Spec.Description));
        Assert.Equal(2, Order().Release);
        Assert.Empty(Check());
        // The instance of the release before may be started once more until it has ended.
        Assert.True(File.Exists(Place.PinnedRecord(1)));
        await services.RenewAsync("ledger", "bob", null, null, default);
        Assert.False(File.Exists(Place.PinnedRecord(1)));
    }

    [Fact]
    public void Removed_it_leaves_its_data_or_nothing()
    {
        Install(new());
        Assert.True(Directory.Exists(Order().DataFolder));
        var data = Order().DataFolder;
        Assert.True(services.Remove("ledger", purge: false).IsOk);
        Assert.False(Place.IsUsed);
        Assert.True(Directory.Exists(data));
        Install(new());
        Assert.True(services.Remove("ledger", purge: true).IsOk);
        Assert.False(Directory.Exists(data));
        Assert.True(File.Exists(Program));
    }

    private void Install(Wish wish) => Assert.Empty(services.Install(Pin(wish), Spec(), default).Problems);

    private Pin Pin(Wish wish) => new()
    {
        Service = "ledger",
        Executable = Program,
        Writable = wish.Writable,
        ExecutableOnly = wish.ExecutableOnly,
        Start = wish.Start,
        Release = 1,
        PinnedAt = DateTimeOffset.UnixEpoch,
        PinnedBy = "alice",
    };

    private static string Spec(string more = "") => new PinnedSpec { Name = "ledger", Executable = "ledger" }.ToYaml() + more;

    private InstancePlan Order() => JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(Place.Instances, InstanceOrder.FileOf("ledger-0"))), SupervisionJson.Default.InstanceOrder)!.Desired.Plan;

    /// <summary>As the supervisor does it before a start.</summary>
    private IReadOnlyList<Problem> Check() => Admission.Check(
        File.ReadAllBytes(Order().AdmissionRecord), File.ReadAllBytes(Path.Combine(home.Keys, SealedDocument.KeyFile)), Order().PackageDigest, FileFactsReader.Under(Order().CodeFolder)).Problems;

    private static void Close(string path) => File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    private sealed record Wish
    {
        public IReadOnlyList<string> Writable { get; init; } = [];

        public bool ExecutableOnly { get; init; }

        public NativeStartType Start { get; init; }
    }
}
