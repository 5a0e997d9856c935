using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;

namespace Holdfast.Platform;

/// <summary>
/// Where one supervisor of a home keeps what is its own: its lock, its name, its orders, its journal, its containers. A home has a
/// shared one, and one for each service that has a supervisor of its own. None ever touches what is another's.
/// </summary>
/// <param name="Service">The service that it keeps; null: all that have none of their own.</param>
public sealed record SupervisorPlace(Home Home, string? Service = null)
{
    public bool IsShared => Service is null;

    /// <summary>It has, or may have, an instance.</summary>
    public bool HasOrders => Directory.Exists(Instances) && Directory.EnumerateFiles(Instances, "*" + InstanceOrder.FileSuffix).Any();

    /// <summary>There is a supervisor, or there should be: more than the journal of one that has been.</summary>
    public bool IsUsed => HasOrders || File.Exists(Identity) || File.Exists(UnitMark);

    /// <summary>What it is called where people read: <c>the supervisor</c>, <c>the supervisor of orders</c>.</summary>
    public string Title => Service is null ? "the supervisor" : $"the supervisor of {Service}";

    public string Folder => Service is null ? Home.Supervisor : Path.Combine(Home.Supervisors, Service);

    public string Lock => Path.Combine(Folder, "lock");

    /// <summary>One guard per supervisor.</summary>
    public string GuardLock => Path.Combine(Folder, "guard.lock");

    public string Log => Path.Combine(Folder, "supervisor.log");

    /// <summary>Which process it is.</summary>
    public string Identity => Path.Combine(Folder, "identity.json");

    /// <summary>What it was told to run, a file or two per instance.</summary>
    public string Instances => Path.Combine(Folder, "instances");

    /// <summary>Names the service manager's unit that runs it; not there while the agent starts it: see <see cref="UnitMark"/>.</summary>
    public string UnitMark => Path.Combine(Folder, "unit");

    /// <summary>What is pinned of its service. Apart from all that belongs to the supervisor: that may run under the service's account.</summary>
    public string Pins => Path.Combine(Home.Pins, Service ?? throw new InvalidOperationException("The shared supervisor has no pinned service."));

    /// <summary>Says that the service is pinned: its program lies on the host, in no package. Not there where the agent deploys it.</summary>
    public string Pin => Path.Combine(Pins, "pin.json");

    /// <summary>The account that Windows logs on for a package's native service. Not there: the node's own.</summary>
    public string LogOnAccount => Path.Combine(Pins, "account");

    /// <summary>The spec of a pinned service.</summary>
    public string PinnedSpec => Path.Combine(Pins, "holdfast.yaml");

    /// <summary>The sealed record of a pin; each release has its own, as the one before is needed until its instance has ended.</summary>
    public string PinnedRecord(int release) => Path.Combine(Pins, $"admission-{release}.json");

    /// <summary>What it was told to run. One that cannot be read is left out: its supervisor tells of it.</summary>
    public IEnumerable<DesiredInstance> Orders()
    {
        if (!Directory.Exists(Instances)) yield break;
        foreach (var file in Directory.EnumerateFiles(Instances, "*" + InstanceOrder.FileSuffix).Order(StringComparer.Ordinal))
        {
            DesiredInstance? desired;
            try
            {
                desired = JsonSerializer.Deserialize(SharedFile.ReadAllBytes(file), SupervisionJson.Default.InstanceOrder)?.Desired;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
            {
                continue;
            }

            if (desired?.Plan is not null) yield return desired;
        }
    }

    /// <summary>A journal has one writer.</summary>
    public string Journal => Service is null ? Home.Journal : Path.Combine(Folder, "journal");

    /// <summary>Its control socket. Where a service's name would make the address too long, its digest stands for it.</summary>
    public string Socket
    {
        get
        {
            if (Service is null) return Path.Combine(Home.Run, "supervisor.sock");
            var named = Path.Combine(Home.Run, $"supervisor-{Service}.sock");
            return LocalEndpoint.CheckPath(named).IsOk ? named : Path.Combine(Home.Run, $"s-{Digest(Service)}.sock");
        }
    }

    /// <summary>Its instances' copies of their secrets, a folder per instance.</summary>
    public string Secrets => Service is null ? Path.Combine(Home.Run, "secrets") : Path.Combine(Home.Run, "secrets-" + Service);

    /// <summary>
    /// Names its containers among those of all supervisors of this host. A home's path may be long and hold anything; its digest is
    /// short and a good folder name.
    /// </summary>
    public string ContainersName => Service is null ? Digest(Home.Path) : $"{Digest(Home.Path)}.{Service}";

    /// <summary>How its executable is told where it belongs.</summary>
    public IReadOnlyList<string> Arguments => Service is null ? ["--home", Home.Path] : ["--home", Home.Path, "--service", Service];

    /// <summary>The shared one's, and that of every service that has or had a supervisor of its own.</summary>
    public static IReadOnlyList<SupervisorPlace> AllOf(Home home)
    {
        ArgumentNullException.ThrowIfNull(home);
        return Directory.Exists(home.Supervisors)
            ? [new(home), .. Directory.EnumerateDirectories(home.Supervisors).Select(folder => new SupervisorPlace(home, Path.GetFileName(folder))).OrderBy(place => place.Service, StringComparer.Ordinal)]
            : [new(home)];
    }

    /// <summary>Where an instance finds the files of its package that are secret: copies that only its account reads.</summary>
    public string PackageSecrets(string instance) => Path.Combine(Secrets, instance, ".package");

    /// <summary>Makes its folder and what that is in; what is inside belongs to the supervisor's account alone.</summary>
    public Outcome<Done> MakeFolder()
    {
        // Services of other accounts pass through the home to their own folders; they list nothing on the way.
        var made = Directory.Exists(Home.Path) ? Outcome.Done : FolderRights.Ensure(Home.Path, FolderRights.Passage);
        // On Windows a supervisor may run under its service's account: it passes through as well, and could not set the rights of what is there.
        if (Service is not null && !OperatingSystem.IsWindows()) made = made.Then(_ => FolderRights.Ensure(Home.Supervisors, FolderRights.OwnerOnly));
        else if (Service is not null && !Directory.Exists(Home.Supervisors)) made = made.Then(_ => FolderRights.Ensure(Home.Supervisors, FolderRights.Passage));
        return made.Then(_ => FolderRights.Ensure(Folder, FolderRights.OwnerOnly));
    }

    /// <summary>For the supervisor's own log.</summary>
    public override string ToString() => Service is null ? Home.Path : $"{Service} in {Home.Path}";

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];
}
