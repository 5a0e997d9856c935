using System.Text;
using System.Text.Json;
using Holdfast.Core.Access;
using Holdfast.Core.NativeServices;
using Holdfast.Core.Operations;
using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Node.Access;
using Holdfast.Node.Hosting;
using Holdfast.Node.Operations;
using Holdfast.Node.Packages;
using Holdfast.Node.Planning;
using Holdfast.Node.Supervisors;
using Holdfast.Packaging.Documents;
using Holdfast.Packaging.Trust;
using Holdfast.Platform;

namespace Holdfast.Node.Pinning;

/// <summary>
/// Services whose programs lie on the host, unpackaged: pinned by their digests under the node's key, each kept by a supervisor of its own
/// that the service manager runs. No agent is needed for them, and one that runs leaves them alone.
/// </summary>
public sealed class PinnedServices(Home home, TimeProvider time)
{
    /// <summary>What they have for a version.</summary>
    public const string Version = "pinned";

    public SupervisorPlace PlaceOf(string name) => new(home, name);

    /// <summary>The names of all that are here.</summary>
    public IReadOnlyList<string> List() => [.. SupervisorPlace.AllOf(home).Where(place => !place.IsShared && File.Exists(place.Pin)).Select(place => place.Service!)];

    /// <summary>A <see cref="ProblemKind.NotFound"/> problem where no such service is pinned.</summary>
    public Outcome<PinnedService> Find(string name)
    {
        var place = PlaceOf(name);
        if (Pin.Read(place) is not { } read)
            return new Problem(ProblemKind.NotFound, "pin.no-service", $"no service {name} is installed here") { Mend = "`holdfast service list` names those that are" };
        if (!read.TryGet(out var pin)) return Outcome.Failed<PinnedService>(read.Problems);
        return Text(place.PinnedSpec).Then(text => ReadSpec(name, text, place.PinnedSpec)).Then<PinnedService>(spec => new PinnedService(place, pin, spec));
    }

    /// <summary>
    /// Pins a program and leaves the order to run it for the supervisor that the service manager will start. Nothing is left of an install
    /// that fails.
    /// </summary>
    /// <param name="pin">Its release is set here.</param>
    /// <param name="specText">See <see cref="PinnedSpec"/>.</param>
    public Outcome<PinnedService> Install(Pin pin, string specText, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(pin);
        var place = PlaceOf(pin.Service);
        var spec = ReadSpec(pin.Service, specText, "the spec");
        if (!spec.TryGet(out var wanted)) return Outcome.Failed<PinnedService>(spec.Problems);
        var prepared = HomeFolders.Ensure(home).Then(_ => place.MakeFolder());
        if (!prepared.IsOk) return Outcome.Failed<PinnedService>(prepared.Problems);
        var locked = FileLock.TryTake(place.Lock, time);
        if (!locked.TryGet(out var held)) return Taken(pin.Service, locked.Problems);
        using (held)
        {
            if (place.IsUsed || File.Exists(place.Pin)) return Taken(pin.Service, []);
            var first = pin with { Release = 1, LogOnAs = LogOnAs(wanted) };
            var made = Make(place, first, wanted, specText, cancel).Then(order => Keep(place, order)).Then(_ => HandOver(place, first, wanted)).Then<PinnedService>(_ => new PinnedService(place, first, wanted));
            if (!made.IsOk) Clear(place);
            return made;
        }
    }

    /// <summary>
    /// Pins it anew, as it is now: after an upgrade of its program, or under another spec. Where it runs, its supervisor is told, which changes
    /// over by the rules of the spec; else the next start does.
    /// </summary>
    /// <param name="pin">As it is to be; null: as it is.</param>
    /// <param name="specText">Null: as it is.</param>
    public async Task<Outcome<PinnedService>> RenewAsync(string name, string by, Pin? pin, string? specText, CancellationToken cancel)
    {
        var found = Find(name);
        if (!found.TryGet(out var before)) return found;
        var place = before.Place;
        var text = specText is null ? Text(place.PinnedSpec) : specText;
        if (!text.TryGet(out var kept)) return Outcome.Failed<PinnedService>(text.Problems);
        var spec = ReadSpec(name, kept, place.PinnedSpec);
        if (!spec.TryGet(out var wanted)) return Outcome.Failed<PinnedService>(spec.Problems);
        var next = (pin ?? before.Pin) with { Release = before.Pin.Release + 1, PinnedAt = time.GetUtcNow(), PinnedBy = by, LogOnAs = LogOnAs(wanted) };
        // What its supervisor has open under the one account is not the other's.
        if (next.LogOnAs != before.Pin.LogOnAs && !FileLock.TryTake(place.Lock, time).Then<Done>(free => { free.Dispose(); return Outcome.Done; }).IsOk)
            return Running(name) with { Why = "its account changes with its next start only" };
        var made = Make(place, next, wanted, kept, cancel);
        if (!made.TryGet(out var order)) return Outcome.Failed<PinnedService>(made.Problems);
        var given = await GiveAsync(place, order with { Incarnation = IncarnationOf(place) + 1 }, cancel);
        if (!given.IsOk) return Outcome.Failed<PinnedService>(given.Problems);
        DurableFile.Delete(place.PinnedRecord(before.Pin.Release - 1));
        return HandOver(place, next, wanted).Then<PinnedService>(_ => new PinnedService(place, next, wanted));
    }

    /// <summary>What only the service manager is told of it, and nothing that runs: its release stays.</summary>
    public Outcome<PinnedService> Note(string name, Pin pin)
    {
        ArgumentNullException.ThrowIfNull(pin);
        return Find(name).Then(before =>
        {
            var next = before.Pin with { Start = pin.Start, Dependencies = pin.Dependencies };
            return next.Write(before.Place).Then<PinnedService>(_ => before with { Pin = next });
        });
    }

    /// <summary>Somebody wants it to run who sees that it has failed or is done: it is tried again, its counts at zero.</summary>
    public async Task<Outcome<Done>> TryAgainAsync(string name, CancellationToken cancel)
    {
        var place = PlaceOf(name);
        return OrderOf(place) is { } order
            ? await GiveAsync(place, order with { Incarnation = order.Incarnation + 1 }, cancel)
            : new Problem(ProblemKind.Damaged, "pin.no-order", $"the order for {name} cannot be read") { Mend = $"holdfast service trust {name} writes it anew" };
    }

    /// <summary>Forgets it; its supervisor must have ended. Its data and output stay unless they are to be purged.</summary>
    public Outcome<Done> Remove(string name, bool purge)
    {
        var place = PlaceOf(name);
        var locked = FileLock.TryTake(place.Lock, time);
        if (!locked.TryGet(out var held)) return Running(name);
        using (held) Clear(place);
        return purge ? new InstanceFolders(home).Purge(InstanceOf(name)) : Outcome.Done;
    }

    private static string InstanceOf(string name) => $"{name}-0";

    private static long IncarnationOf(SupervisorPlace place) => OrderOf(place)?.Incarnation ?? 0;

    private static DesiredInstance? OrderOf(SupervisorPlace place) => place.Orders().FirstOrDefault();

    /// <summary>Writes all that the order names, the order itself last.</summary>
    private Outcome<DesiredInstance> Make(SupervisorPlace place, Pin pin, ServiceSpec spec, string specText, CancellationToken cancel)
    {
        var allowed = Allowed();
        if (!allowed.IsOk) return Outcome.Failed<DesiredInstance>(allowed.Problems);
        var host = AccountCheck.Run(spec).Then(_ => AffinityCheck.Run(spec.Limits));
        if (!host.IsOk) return Outcome.Failed<DesiredInstance>(host.Problems);
        try
        {
            var recorded = FolderPin.Of(pin, time.GetUtcNow(), cancel);
            if (!recorded.TryGet(out var record)) return Outcome.Failed<DesiredInstance>(recorded.Problems);
            var plan = Plan(place, pin, spec, record.Digest);
            return NodeKey.Open(home)
                .Then(key => FolderRights.Ensure(home.Pins, FolderRights.Passage)
                    .Then(_ => FolderRights.Ensure(place.Pins, FolderRights.OwnerOnly))
                    .Then(_ => DurableFile.Write(place.PinnedRecord(pin.Release), AdmissionRecords.Seal(record, key))))
                .Then(_ => DurableFile.Write(place.PinnedSpec, Encoding.UTF8.GetBytes(specText)))
                .Then(_ => pin.Write(place))
                .Then(_ => ProtectPins(place, pin))
                .Then(_ => InstanceFolders.Prepare(plan))
                .Then<DesiredInstance>(_ => new DesiredInstance(plan, RunState.Running, Incarnation: 1));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new Problem(ProblemKind.Refused, "pin.unreadable-files", $"{pin.Folder} cannot be read.") { Why = failure.Message, Mend = "run it as root" };
        }
    }

    private InstancePlan Plan(SupervisorPlace place, Pin pin, ServiceSpec spec, string digest)
    {
        var service = new ServiceRecord { Name = pin.Service, Release = pin.Release, LastRelease = pin.Release, Run = RunState.Running, Incarnation = 1, Operation = "" };
        var release = new ReleaseRecord
        {
            Service = pin.Service, Number = pin.Release, Version = Version, PackageDigest = digest, CreatedAt = pin.PinnedAt, CreatedBy = pin.PinnedBy, State = ReleaseState.Current,
        };
        // On Windows the service manager has logged the account on before there is anything of ours.
        return new InstancePlanner(home).Plan(service, release, OperatingSystem.IsWindows() ? spec with { User = null } : spec, new(pin.Folder, place.PinnedRecord(pin.Release)));
    }

    /// <summary>The account that the service manager is to log on for a service; null: its own.</summary>
    public static string? LogOnAs(ServiceSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return OperatingSystem.IsWindows() && spec.User is { } user && ScmAccount.Canonical(user.Name) is var account && account != ScmAccount.LocalSystem ? account : null;
    }

    /// <summary>Who may do what with a service of the SCM.</summary>
    /// <returns>Problem <c>account.no-such-group</c>.</returns>
    public static Outcome<ServiceRights> RightsOf(PinnedService service)
    {
        ArgumentNullException.ThrowIfNull(service);
        return RightsOf(service.Pin.LogOnAs, service.Spec);
    }

    internal static Outcome<ServiceRights> RightsOf(string? logOnAs, ServiceSpec spec) => AccountOf(logOnAs).Then(own => NamedGroups.Find(spec.Access).Then<ServiceRights>(groups =>
        ServiceRights.For(own?.Sid, groups.Where(group => group.Granted.HasFlag(GroupRights.Control)).Select(group => group.Id))));

    /// <summary>Null: the node's own.</summary>
    private static Outcome<Account?> AccountOf(Pin pin) => AccountOf(pin.LogOnAs);

    private static Outcome<Account?> AccountOf(string? logOnAs) =>
        logOnAs is { } name ? AccountDirectory.Find(new UserSpec(name)).Then<Account?>(found => found) : Outcome.Of<Account?>(null);

    /// <summary>Only the administrator writes what is pinned. Its supervisor reads it, under whatever account that runs.</summary>
    private static Outcome<Done> ProtectPins(SupervisorPlace place, Pin pin) => AccountOf(pin).Then(reader => FolderRights.EnsureWhole(place.Pins, AreaRights.Of(Areas.Pins, reader, [])));

    /// <summary>
    /// What its supervisor and the service write becomes their account's, and nobody else's: orders, journal, data, output. To be done again when
    /// somebody else has written there.
    /// </summary>
    public static Outcome<Done> HandOver(PinnedService service)
    {
        ArgumentNullException.ThrowIfNull(service);
        return HandOver(service.Place, service.Pin, service.Spec);
    }

    private static Outcome<Done> HandOver(SupervisorPlace place, Pin pin, ServiceSpec spec) => HandOver(place.Home, pin.Service, pin.LogOnAs, spec);

    /// <param name="logOnAs">Null: the node's own account.</param>
    internal static Outcome<Done> HandOver(Home home, string service, string? logOnAs, ServiceSpec spec)
    {
        var place = new SupervisorPlace(home, service);
        // Elsewhere a supervisor is root's, and gives each process its account.
        if (!OperatingSystem.IsWindows()) return Outcome.Done;
        return NamedGroups.Find(spec.Access).Then(groups => AccountOf(logOnAs).Then(owner => FolderRights.EnsureWhole(place.Folder, AreaRights.Of(Areas.Orders, owner, []))
            .Then(_ => FolderRights.EnsureWhole(Path.Combine(home.Output, InstanceOf(service)), AreaRights.Of(Areas.Output, owner, NamedGroups.In(Areas.Output, groups))))
            .Then(_ => FolderRights.EnsureWhole(Path.Combine(home.Instances, InstanceOf(service)), AreaRights.Of(Areas.Data, owner, NamedGroups.In(Areas.Data, groups))))
            .Then(_ => FolderRights.Ensure(home.Run, FolderRights.Public))
            .Then(_ => FolderRights.Ensure(home.Notify, FolderRights.Passage))
            .Then(_ => FolderRights.Ensure(place.Secrets, FolderRights.Passage, owner))));
    }

    internal static Outcome<Done> Keep(SupervisorPlace place, DesiredInstance desired) => FolderRights.Ensure(place.Instances, FolderRights.OwnerOnly).Then(_ =>
        DurableFile.Write(Path.Combine(place.Instances, InstanceOrder.FileOf(desired.Plan.Instance)), JsonSerializer.SerializeToUtf8Bytes(new InstanceOrder(desired), SupervisionJson.Default.InstanceOrder)));

    /// <summary>To the supervisor, which keeps it; where none runs, into its place.</summary>
    private async Task<Outcome<Done>> GiveAsync(SupervisorPlace place, DesiredInstance desired, CancellationToken cancel)
    {
        var locked = FileLock.TryTake(place.Lock, time);
        if (locked.TryGet(out var held))
        {
            using (held) return Keep(place, desired);
        }

        await using var client = new SupervisorClient(place, time);
        return await client.ApplyAsync(desired, cancel);
    }

    /// <summary>What the file says, and that it fits a service that is alone under its supervisor.</summary>
    private static Outcome<ServiceSpec> ReadSpec(string name, string text, string file) => SpecFile.Read(text, file).Then<ServiceSpec>(spec =>
    {
        List<Problem> problems = [];
        if (spec.Name != name) problems.Add(Unfit($"the spec is of a service {spec.Name}, not {name}", "a service keeps its name: correct it, or install another one"));
        foreach (var port in spec.Ports.Where(port => port.Value is null)) problems.Add(Unfit($"the port {port.Key} is auto", "no agent assigns ports to a pinned service: give its number"));
        if (spec.Placement.Mode == PlacementMode.ActiveStandby) problems.Add(Unfit("its placement is active-standby", "the service manager would start it without a lease, and two could act: deploy it to a cluster instead"));
        if (spec.After.Count > 0) problems.Add(Unfit("it has `after`", "it is alone under its supervisor: name what the service manager starts before it with --depends"));
        return problems.Count == 0 ? spec with { Supervisor = SupervisorKind.Dedicated } : problems;
    });

    private Outcome<Done> Allowed()
    {
        // Without a policy there is nobody who could have forbidden it.
        if (!File.Exists(home.TrustPolicy)) return Outcome.Done;
        return TrustPolicy.Load(home.TrustPolicy).Then<Done>(policy => policy.AllowsPinned ? Outcome.Done : new Problem(ProblemKind.Refused, "trust.pinned-forbidden", $"{policy.Source} forbids pinned services")
        {
            Why = "`pinnedServices: forbidden`: what runs here comes in signed packages",
            Mend = "pack, sign and deploy it (docs/quickstart.md)",
        });
    }

    private static Outcome<string> Text(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new Problem(ProblemKind.Damaged, "pin.no-spec", $"{file} cannot be read.") { Why = failure.Message };
        }
    }

    private static void Clear(SupervisorPlace place)
    {
        if (Directory.Exists(place.Pins)) Directory.Delete(place.Pins, recursive: true);
        foreach (var entry in Directory.EnumerateFileSystemEntries(place.Folder).Where(entry => entry != place.Journal && entry != place.Lock))
        {
            if (Directory.Exists(entry)) Directory.Delete(entry, recursive: true);
            else File.Delete(entry);
        }
    }

    private static Outcome<PinnedService> Taken(string name, IReadOnlyList<Problem> problems) => problems.Count > 0 && problems[0].Kind != ProblemKind.Conflict
        ? Outcome.Failed<PinnedService>(problems)
        : new Problem(ProblemKind.Conflict, "pin.name-taken", $"there is a service {name} already") { Mend = "`holdfast service list` and `holdfast ps` show it; choose another name, or change that one (holdfast service edit)" };

    private static Problem Running(string name) => new(ProblemKind.Conflict, "pin.running", $"the supervisor of {name} has not ended") { Mend = $"holdfast service stop {name}, then again" };

    private static Problem Unfit(string what, string mend) => new(ProblemKind.BadInput, "pin.spec", what) { Mend = mend };
}

/// <summary>A service that is pinned here.</summary>
public sealed record PinnedService(SupervisorPlace Place, Pin Pin, ServiceSpec Spec)
{
    public string Name => Spec.Name;

    /// <summary>All that somebody decided of it, fit to be installed elsewhere from where its program lies.</summary>
    public InstalledDefinition Definition => new()
    {
        // That it has a supervisor of its own was not decided.
        Spec = Spec with { Supervisor = SupervisorKind.Shared, Command = [Pin.Executable, .. Spec.Command.Skip(1)] },
        Install = new() { Start = Pin.Start, Depends = Pin.Dependencies, Writable = Pin.Writable, ExecutableOnly = Pin.ExecutableOnly },
    };
}
