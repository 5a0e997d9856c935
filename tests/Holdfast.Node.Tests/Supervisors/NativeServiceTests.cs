using System.Text.Json;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Control;
using Holdfast.Node.Supervisors;
using Holdfast.Platform;

namespace Holdfast.Node.Tests.Supervisors;

/// <summary>A package's native service as the agent has it: ordered before it is started, started by Windows, and left alone by who did not stop it.</summary>
public sealed class NativeServiceTests : IAsyncDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("hf-native-").FullName;
    private readonly FakeNativeUnits units = new();
    private readonly SupervisorPlace place;
    private readonly DedicatedSupervisor supervisor;

    public NativeServiceTests()
    {
        place = new(new Home(Path.Combine(root, "home")), "orders");
        Directory.CreateDirectory(place.Home.Path);
        supervisor = new(place, executable: null, units, TimeProvider.System, () => { });
    }

    [Fact]
    public async Task It_is_ordered_registered_and_started_in_this_order()
    {
        var ensured = await supervisor.EnsureAsync(Desired(), default);
        Assert.Equal("scm.disabled", ensured.Problems[0].Rule);
        Assert.Equal(["register orders", "start orders"], units.Asked);
        Assert.Equal(RunState.Running, Assert.Single(place.Orders()).Run);
    }

    [Fact]
    public async Task What_an_administrator_has_stopped_is_shown_and_not_started()
    {
        StoppedAs(Desired());
        var ensured = await supervisor.EnsureAsync(Desired(), default);
        Assert.Equal("supervisor.unit-stopped", ensured.Problems[0].Rule);
        var (instances, absence) = await supervisor.ObserveAsync(default);
        Assert.Empty(instances);
        Assert.True(absence is { Unit: "orders", IsNative: true });
        Assert.Empty(units.Asked);
    }

    [Fact]
    public async Task An_operation_that_came_later_starts_it()
    {
        StoppedAs(Desired());
        await supervisor.EnsureAsync(Desired() with { Incarnation = 2 }, default);
        Assert.Contains("start orders", units.Asked);
        Assert.Equal(2, Assert.Single(place.Orders()).Incarnation);
    }

    [Fact]
    public async Task What_the_node_has_stopped_the_node_starts()
    {
        StoppedAs(Desired() with { Run = RunState.Stopped });
        await supervisor.EnsureAsync(Desired(), default);
        Assert.Contains("start orders", units.Asked);
    }

    [Fact]
    public async Task Where_nothing_is_ordered_any_more_nothing_is_missed_and_windows_forgets_it()
    {
        StoppedAs(Desired());
        File.Delete(Directory.EnumerateFiles(place.Instances).Single());
        Assert.Equal(([], null), await supervisor.ObserveAsync(default));
        Assert.True(await supervisor.EndAsync(default));
        Assert.Equal(["remove orders"], units.Asked);
        Assert.False(File.Exists(place.UnitMark));
    }

    [Fact]
    public async Task One_that_is_just_ending_is_waited_for()
    {
        // Its orders go first and its name last: between them nobody answers any more, and nobody has stopped it.
        StoppedAs(Desired());
        File.Delete(Directory.EnumerateFiles(place.Instances).Single());
        var identity = new SupervisorIdentity(4, 5, BootClock.BootId, "nonce", "1.0.0", "nowhere");
        await File.WriteAllBytesAsync(place.Identity, JsonSerializer.SerializeToUtf8Bytes(identity, SupervisionJson.Default.SupervisorIdentity));
        var (_, absence) = await supervisor.ObserveAsync(default);
        Assert.True(absence is { Unit: null, Problem.Kind: ProblemKind.Unavailable });

        File.Delete(place.Identity);
        Assert.Equal(([], null), await supervisor.ObserveAsync(default));
    }

    [Fact]
    public async Task A_pinned_service_is_never_taken_for_one()
    {
        StoppedAs(Desired());
        Directory.CreateDirectory(place.Pins);
        await File.WriteAllTextAsync(place.Pin, "{}");
        Assert.False(supervisor.IsLeft(new HashSet<string>()));
        Assert.True((await supervisor.ObserveAsync(default)).Absence is { IsNative: false });
        Assert.False(await supervisor.EndAsync(default));
        Assert.Empty(units.Asked);
    }

    public async ValueTask DisposeAsync()
    {
        await supervisor.DisposeAsync();
        Directory.Delete(root, recursive: true);
    }

    /// <summary>Nobody runs, and its supervisor has been there: it left its mark and its order.</summary>
    private void StoppedAs(DesiredInstance order)
    {
        Assert.True(place.MakeFolder().IsOk);
        Assert.True(Holdfast.Node.Pinning.PinnedServices.Keep(place, order).IsOk);
        Assert.True(UnitMark.Write(place, "orders").IsOk);
    }

    private DesiredInstance Desired() => new(
        new InstancePlan
        {
            Instance = "orders-0",
            Service = "orders",
            Release = 1,
            PackageDigest = "sha256:00",
            AdmissionRecord = Path.Combine(root, "admission.json"),
            CodeFolder = root,
            DataFolder = root,
            OutputFolder = root,
            WorkingFolder = root,
            Executable = Path.Combine(root, "orders.exe"),
            Arguments = [],
            Environment = new Dictionary<string, string>(),
            Ports = new Dictionary<string, int>(),
            Spec = new ServiceSpec { Name = "orders", Command = ["orders.exe"], Supervisor = SupervisorKind.Dedicated, Windows = new() { NativeService = true } },
        },
        RunState.Running,
        Incarnation: 1);
}
