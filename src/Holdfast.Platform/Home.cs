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

    /// <summary>The supervisor's journal.</summary>
    public string Journal => In("journal");

    public string Audit => In("audit");

    public string Supervisor => In("supervisor");

    public string SupervisorLock => System.IO.Path.Combine(Supervisor, "lock");

    /// <summary>One guard per home.</summary>
    public string GuardLock => System.IO.Path.Combine(Supervisor, "guard.lock");

    public string SupervisorLog => System.IO.Path.Combine(Supervisor, "supervisor.log");

    /// <summary>Which process the supervisor is.</summary>
    public string SupervisorIdentity => System.IO.Path.Combine(Supervisor, "identity.json");

    /// <summary>What the supervisor was told to run, a file or two per instance.</summary>
    public string SupervisorInstances => System.IO.Path.Combine(Supervisor, "instances");

    public string Keys => In("keys");

    public string Policy => In("policy");

    public string TrustPolicy => System.IO.Path.Combine(Policy, "trust.yaml");

    /// <summary>Local sockets (on Windows the names of pipes are made from this path).</summary>
    public string Run => In("run");

    public string ApiSocket => System.IO.Path.Combine(Run, "api.sock");

    /// <summary>The instances' copies of their secrets, a folder per instance.</summary>
    public string Secrets => System.IO.Path.Combine(Run, "secrets");

    /// <summary>Where an instance finds the files of its package that are secret: copies that only its account reads.</summary>
    public string PackageSecrets(string instance) => System.IO.Path.Combine(Secrets, instance, ".package");

    /// <summary>The instances' notify sockets.</summary>
    public string Notify => System.IO.Path.Combine(Run, "notify");

    public string SupervisorSocket => System.IO.Path.Combine(Run, "supervisor.sock");

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
        return System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "holdfast");
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
