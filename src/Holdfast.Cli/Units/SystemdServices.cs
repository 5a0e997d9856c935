using Holdfast.Core.NativeServices;
using Holdfast.Core.Problems;
using Holdfast.Node.Pinning;
using Holdfast.Node.Supervisors;
using Holdfast.Platform;

namespace Holdfast.Cli.Units;

/// <summary>Services as systemd units.</summary>
internal sealed class SystemdServices(Home home) : INativeServices
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
}
