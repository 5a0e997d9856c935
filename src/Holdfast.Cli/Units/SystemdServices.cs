using Holdfast.Core.NativeServices;
using Holdfast.Core.Problems;
using Holdfast.Node.Pinning;
using Holdfast.Node.Supervisors;
using Holdfast.Platform;

namespace Holdfast.Cli.Units;

/// <summary>Services as systemd units.</summary>
internal sealed class SystemdServices(Home home, TimeProvider time) : INativeServices
{
    private readonly UnitFiles files = new();

    /// <summary>The text of its unit.</summary>
    /// <param name="pinned">Null: the agent deploys it.</param>
    public static string TextOf(Home home, string service, PinnedService? pinned) => pinned is null
        ? SystemdUnits.ForService(home, SupervisorLauncher.DefaultExecutable, service)
        : SystemdUnits.ForService(home, SupervisorLauncher.DefaultExecutable, service, pinned.Spec.Description, pinned.Pin.Dependencies, pinned.Pin.Start == NativeStartType.Disabled);

    public Outcome<Done> Check() => Systemctl.IsThere ? Outcome.Done : Systemctl.Missing with { Mend = "without a service manager, pack and deploy it: the agent keeps it then (docs/quickstart.md)" };

    public string NameOf(string service) => SystemdUnits.NameOf(service);

    public Outcome<AccountPassword> PasswordOf(string? account, string? before, string? from) => from is null
        ? AccountPassword.None()
        : new Problem(ProblemKind.BadInput, "service.password-from", "systemd needs no password of an account.") { Mend = "leave --password-from out" };

    public IReadOnlyList<Problem> Foresee(string service, string? account) => [];

    public Outcome<Done> Register(PinnedService service, AccountPassword password)
    {
        ArgumentNullException.ThrowIfNull(service);
        var (unit, start) = (NameOf(service.Name), service.Pin.Start);
        if (start == NativeStartType.Delayed)
            return new Problem(ProblemKind.BadInput, "service.start-type", "systemd has no delayed start.") { Mend = "--start automatic, and --depends UNIT for what it is to come after" };
        return files.Write([(unit, TextOf(home, service.Name, service))])
            .Then(_ => UnitMark.Write(service.Place, unit))
            .Then(_ => Systemctl.Run(["daemon-reload"], ["--quiet", start == NativeStartType.Automatic ? "enable" : "disable", unit]));
    }

    public Outcome<Done> Start(string service) => Systemctl.Run([["start", NameOf(service)]]);

    public Outcome<Done> Stop(string service) => Systemctl.Run([["stop", NameOf(service)]]);

    /// <summary>By its supervisor: systemd knows no pause, and its freezer would hold the supervisor as well, which could then neither watch nor stop it.</summary>
    public Task<Outcome<Done>> PauseAsync(string service, CancellationToken cancel) => AskAsync(service, (client, instance) => client.PauseAsync(instance, cancel), cancel);

    public Task<Outcome<Done>> ContinueAsync(string service, CancellationToken cancel) => AskAsync(service, (client, instance) => client.ContinueAsync(instance, cancel), cancel);

    public Outcome<IReadOnlyList<ConfigDifference>>? Drift(PinnedService service) => null;

    public Outcome<Done> Unregister(string service)
    {
        var unit = NameOf(service);
        var found = files.Find([unit]);
        if (!found.TryGet(out var there)) return Outcome.Failed<Done>(found.Problems);
        if (there.Count == 0) return Outcome.Done;
        return Systemctl.Run([["--quiet", "disable", "--now", unit]]).Then(_ => files.Remove(there)).Then(_ => Systemctl.Run([["daemon-reload"]]));
    }

    public NativeLook Look(string service)
    {
        var shown = Systemctl.Show(NameOf(service), "LoadState", "ActiveState", "MainPID");
        var state = shown["LoadState"] != "loaded" ? "unknown" : shown["ActiveState"] switch
        {
            "active" or "reloading" => "running",
            "activating" => "starting",
            "deactivating" => "stopping",
            "failed" => "failed",
            _ => "stopped",
        };
        return new(state, int.TryParse(shown["MainPID"], out var pid) ? pid : 0);
    }

    private async Task<Outcome<Done>> AskAsync(string service, Func<SupervisorClient, string, Task<Outcome<Done>>> question, CancellationToken cancel)
    {
        if (Look(service) is { State: var state } && state != "running")
            return new Problem(ProblemKind.Conflict, "service.not-running", $"{service} is {state}") { Why = "only what runs can be paused and continued", Mend = $"`holdfast service start {service}`" };
        await using var client = new SupervisorClient(new(home, service), time);
        var listed = await client.ListAsync(cancel);
        if (!listed.TryGet(out var instances)) return Outcome.Failed<Done>(listed.Problems);
        if (instances.Count == 0) return new Problem(ProblemKind.NotFound, "service.no-instance", $"the supervisor of {service} has no instance of it");
        return await question(client, instances[0].Instance);
    }
}
