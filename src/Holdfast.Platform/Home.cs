namespace Holdfast.Platform;

/// <summary>Where everything of one node lives: one folder, named by <c>--home</c>, HOLDFAST_HOME, or the account's default.</summary>
public sealed record Home(string Path)
{
    public const string Variable = "HOLDFAST_HOME";

    public string AgentLock => In("agent.lock");

    public string AgentLog => In("agent.log");

    public string Store => In("store.db");

    /// <summary>Pushed packages that are not judged yet.</summary>
    public string Incoming => In("incoming");

    /// <summary>A copy of the store while a new version proves that it can read it.</summary>
    public string UpgradeCheck => In("upgrade.check");

    /// <summary>Admitted packages, a folder per digest.</summary>
    public string Packages => In("packages");

    /// <summary>A data folder per instance.</summary>
    public string Instances => In("instances");

    /// <summary>Captured output, a folder per instance.</summary>
    public string Output => In("output");

    /// <summary>The shared supervisor's journal.</summary>
    public string Journal => In("journal");

    /// <summary>The streams that the agent writes, a folder each.</summary>
    public string Streams => In("streams");

    /// <summary>The entries of the audit log on their way to sinks.</summary>
    public string AuditStream => System.IO.Path.Combine(Streams, "audit");

    /// <summary>What the agent says of itself.</summary>
    public string AgentStream => System.IO.Path.Combine(Streams, "agent");

    /// <summary>What sinks keep of their own, a folder each: how far they are, and what their receivers refused.</summary>
    public string Shipping => In("shipping");

    /// <summary>The same for relays that are told no other folder.</summary>
    public string Relays => In("relays");

    public string Audit => In("audit");

    /// <summary>Decisions about leadership, the last of them, in files of one JSON document a line.</summary>
    public string Decisions => In("decisions");

    /// <summary>The shared supervisor's: see <see cref="SupervisorPlace"/>.</summary>
    public string Supervisor => In("supervisor");

    /// <summary>A folder per service that has a supervisor of its own: see <see cref="SupervisorPlace"/>.</summary>
    public string Supervisors => In("supervisors");

    /// <summary>What is pinned, a folder per service: its supervisor reads it, and only the administrator writes it.</summary>
    public string Pins => In("pins");

    public string Keys => In("keys");

    /// <summary>The certificates of the API over TCP: this node's own, whom it believes, and, where it gives them out, the authority's.</summary>
    public string Pki => System.IO.Path.Combine(Keys, "pki");

    /// <summary>What the cluster gave to this node when it joined; not there: nothing.</summary>
    public string ClusterDocument => In("cluster.json");

    /// <summary>Held by who changes something in <see cref="Pki"/>.</summary>
    public string PkiLock => In("pki.lock");

    /// <summary>The data of the member of etcd that this node runs, and the record that it is started by.</summary>
    public string Etcd => In("etcd");

    public string EtcdSnapshots => In("etcd-snapshots");

    public string Policy => In("policy");

    public string TrustPolicy => System.IO.Path.Combine(Policy, "trust.yaml");

    /// <summary>Local sockets (on Windows the names of pipes are made from this path).</summary>
    public string Run => In("run");

    public string ApiSocket => System.IO.Path.Combine(Run, "api.sock");

    /// <summary>In the environment of a service that may append records: where it does so (<see cref="LocalEndpoint.AddressOf"/>).</summary>
    public const string RecordsVariable = "HOLDFAST_AUDIT";

    /// <summary>The door of services: any account of this machine reaches it, and the agent finds out which instance calls.</summary>
    public string ServicesSocket => System.IO.Path.Combine(Run, "services.sock");

    /// <summary>The instances' notify sockets.</summary>
    public string Notify => System.IO.Path.Combine(Run, "notify");

    /// <summary>The home that is meant: the given one, else HOLDFAST_HOME, else the default of the account.</summary>
    public static Home Find(string? given)
    {
        var path = given ?? Environment.GetEnvironmentVariable(Variable);
        return new(System.IO.Path.GetFullPath(string.IsNullOrEmpty(path) ? Default() : path));
    }

    private static string Default()
    {
        if (OperatingSystem.IsWindows())
            return System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "Holdfast");
        if (Environment.IsPrivilegedProcess)
            return "/var/lib/holdfast";
        return OfAccount();
    }

    /// <summary>The account's own folder, whether it is there yet or not.</summary>
    public static string OfAccount() => System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "holdfast");

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
