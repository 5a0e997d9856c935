using Holdfast.Core.NativeServices;
using Holdfast.Core.Problems;
using Holdfast.Platform.Windows.Native;

namespace Holdfast.Platform.Windows.Services;

/// <summary>
/// Windows's services, for those who install and steer them. Every failure is a problem in words (<see cref="ScmProblems"/>). What a
/// system does not know of a service's settings is told as refused, and the rest stands.
/// </summary>
public sealed unsafe class ServiceControlManager
{
    private static readonly NativeSetting[] Levels =
    [
        NativeSetting.Description, NativeSetting.Recovery, NativeSetting.OnErrorStops, NativeSetting.PreshutdownTimeout,
        NativeSetting.ServiceSid, NativeSetting.RequiredPrivileges, NativeSetting.Rights,
    ];

    private readonly IServiceApi api;

    internal ServiceControlManager(IServiceApi api) => this.api = api;

    /// <summary>This machine's.</summary>
    public static ServiceControlManager Local() => OperatingSystem.IsWindows()
        ? new(new Advapi32ServiceApi())
        : throw new PlatformNotSupportedException("There is no service control manager here: systemd's units are written by SystemdUnits.");

    /// <summary>Whether the SCM has taken a service's preshutdown time-out: without it nobody knows when PRESHUTDOWN is cut off.</summary>
    public bool HasPreshutdown(string service) => Read(service).TryGet(out var known) && !known.Unknown.Contains(NativeSetting.PreshutdownTimeout);

    /// <param name="config">Everything that the SCM is to keep.</param>
    /// <param name="password">Of the account; empty where it has none. The caller wipes it.</param>
    /// <returns>The settings that this system did not take; empty: all are as wanted.</returns>
    public Outcome<IReadOnlyList<RefusedSetting>> Install(NativeServiceConfig config, ReadOnlySpan<char> password)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (PasswordProblem(config, password) is { } problem) return problem;
        var error = OpenManager(WinSvc.SC_MANAGER_CONNECT | WinSvc.SC_MANAGER_CREATE_SERVICE, out var manager);
        if (error != WindowsError.None) return ScmProblems.Explain(error, config.Name);
        using (manager)
        {
            nint created;
            var account = ScmAccount.Canonical(config.Account);
            var secret = Ended(password);
            fixed (char* name = config.Name, display = config.DisplayName, command = config.CommandLine, user = account, dependencies = MultiText.Join(config.Dependencies))
            fixed (char* key = secret)
            {
                error = api.Create(
                    manager.Value, name, display, WinSvc.SERVICE_CHANGE_CONFIG | WinSvc.SERVICE_START | WinSvc.WRITE_DAC, StartNumber(config.StartType), command,
                    config.Dependencies.Count > 0 ? dependencies : null, account == ScmAccount.LocalSystem ? null : user, key, out created);
            }

            Array.Clear(secret ?? []);
            if (error != WindowsError.None) return ScmProblems.Explain(error, config.Name);
            using var service = new ServiceHandle(api, created);
            return SetLevels(service, config, isNew: true);
        }
    }

    /// <summary>Makes everything as wanted, settings that somebody else has changed included.</summary>
    /// <param name="password">Empty: the one that the SCM has stays.</param>
    public Outcome<IReadOnlyList<RefusedSetting>> Edit(NativeServiceConfig config, ReadOnlySpan<char> password)
    {
        ArgumentNullException.ThrowIfNull(config);
        var opened = Open(config.Name, WinSvc.SERVICE_CHANGE_CONFIG | WinSvc.SERVICE_QUERY_CONFIG | WinSvc.SERVICE_START | WinSvc.WRITE_DAC);
        if (!opened.TryGet(out var service)) return Outcome.Failed<IReadOnlyList<RefusedSetting>>(opened.Problems);
        using (service)
        {
            uint error;
            var secret = Ended(password);
            // Naming the account without its password would take the password away: it is named only when it changes, or with one.
            var named = Config(service, config.Name, out var found) != WindowsError.None || !ScmAccount.Same(found!.Account, config.Account) || secret is not null;
            fixed (char* display = config.DisplayName, command = config.CommandLine, user = ScmAccount.Canonical(config.Account), dependencies = MultiText.Join(config.Dependencies))
            fixed (char* key = secret)
                error = api.Change(service.Value, StartNumber(config.StartType), command, dependencies, named ? user : null, key, display);
            Array.Clear(secret ?? []);
            return error != WindowsError.None ? ScmProblems.Explain(error, config.Name) : SetLevels(service, config, isNew: false);
        }
    }

    public Outcome<InstalledService> Read(string name)
    {
        var opened = Open(name, WinSvc.SERVICE_QUERY_CONFIG | WinSvc.READ_CONTROL);
        // Who may not read its list may still read the rest: the list is then not told.
        if (!opened.IsOk) opened = Open(name, WinSvc.SERVICE_QUERY_CONFIG);
        if (!opened.TryGet(out var service)) return Outcome.Failed<InstalledService>(opened.Problems);
        using (service)
        {
            var error = Config(service, name, out var config);
            if (error != WindowsError.None) return ScmProblems.Explain(error, name);
            var unknown = new List<NativeSetting>();
            return new InstalledService(ConfigLevels.Read(api, service.Value, config!, unknown), unknown);
        }
    }

    public Outcome<ObservedStatus> Status(string name)
    {
        var opened = Open(name, WinSvc.SERVICE_QUERY_STATUS);
        if (!opened.TryGet(out var service)) return Outcome.Failed<ObservedStatus>(opened.Problems);
        using (service)
        {
            WinSvc.ServiceStatusProcess status;
            var error = api.QueryStatus(service.Value, &status);
            return error == WindowsError.None ? StatusWords.Observed(status) : ScmProblems.Explain(error, name);
        }
    }

    /// <summary>All services that are processes of their own or share one; drivers are left out.</summary>
    public Outcome<IReadOnlyList<ListedService>> List()
    {
        var error = OpenManager(WinSvc.SC_MANAGER_CONNECT | WinSvc.SC_MANAGER_ENUMERATE_SERVICE, out var manager);
        if (error != WindowsError.None) return ScmProblems.Explain(error, "the list of services");
        using (manager)
            return ServiceLists.All(api, manager.Value);
    }

    /// <summary>The running services that Windows would have to stop before this one.</summary>
    public Outcome<IReadOnlyList<string>> Dependents(string name)
    {
        var opened = Open(name, WinSvc.SERVICE_ENUMERATE_DEPENDENTS);
        if (!opened.TryGet(out var service)) return Outcome.Failed<IReadOnlyList<string>>(opened.Problems);
        using (service)
            return ServiceLists.Dependents(api, service.Value, name);
    }

    /// <summary>Returns when the SCM has started its process; whether it becomes ready, its status tells.</summary>
    public Outcome<Done> Start(string name) => Do(name, WinSvc.SERVICE_START, api.Start);

    /// <summary>Returns when its handler has; whether it does so, its status tells.</summary>
    public Outcome<Done> Control(string name, NativeControl control) => Do(name, Right(control), service => api.Control(service, (uint)control));

    /// <summary>It is gone when it has stopped and nobody has it open.</summary>
    public Outcome<Done> Delete(string name) => Do(name, WinSvc.DELETE, api.Delete);

    private static Problem? PasswordProblem(NativeServiceConfig config, ReadOnlySpan<char> password)
    {
        if (ScmAccount.HasNoPassword(config.Account) == password.IsEmpty) return null;
        return password.IsEmpty
            ? new Problem(ProblemKind.BadInput, "scm.password-missing", $"the account {config.Account} needs its password")
            {
                Why = "the SCM logs it on by itself, and stores it for that",
                Mend = "it is asked for on the console; or take a managed account (gMSA), or NT SERVICE\\" + config.Name + ", which have none",
            }
            : new Problem(ProblemKind.BadInput, "scm.password-unwanted", $"the account {config.Account} has no password") { Mend = "leave it out" };
    }

    private static char[]? Ended(ReadOnlySpan<char> password)
    {
        if (password.IsEmpty) return null;
        var ended = GC.AllocateArray<char>(password.Length + 1, pinned: true);
        password.CopyTo(ended);
        return ended;
    }

    private static uint StartNumber(NativeStartType type) => type switch
    {
        NativeStartType.Manual => WinSvc.SERVICE_DEMAND_START,
        NativeStartType.Disabled => WinSvc.SERVICE_DISABLED,
        _ => WinSvc.SERVICE_AUTO_START,
    };

    private static uint Right(NativeControl control) => control switch
    {
        NativeControl.Stop => WinSvc.SERVICE_STOP,
        NativeControl.Interrogate => WinSvc.SERVICE_INTERROGATE,
        < (NativeControl)128 => WinSvc.SERVICE_PAUSE_CONTINUE,
        _ => WinSvc.SERVICE_USER_DEFINED_CONTROL,
    };

    private Outcome<IReadOnlyList<RefusedSetting>> SetLevels(ServiceHandle service, NativeServiceConfig config, bool isNew)
    {
        var refused = new List<RefusedSetting>();
        // A new service has these by itself: not to set them is right where a system does not know them.
        var given = new HashSet<NativeSetting>();
        if (isNew && config.Description is null) given.Add(NativeSetting.Description);
        if (isNew && !config.Recovery.OnErrorStops) given.Add(NativeSetting.OnErrorStops);
        if (isNew && config.ServiceSid == ServiceSidType.None) given.Add(NativeSetting.ServiceSid);
        if (isNew && config.RequiredPrivileges is null) given.Add(NativeSetting.RequiredPrivileges);

        var levels = config.StartType == NativeStartType.Delayed || (!isNew && config.StartType == NativeStartType.Automatic) ? Levels.Append(NativeSetting.StartType) : Levels;
        foreach (var setting in levels.Where(level => !given.Contains(level)))
        {
            var error = ConfigLevels.Set(api, service.Value, setting, config);
            if (error != WindowsError.None) refused.Add(new(setting, error));
        }

        return refused;
    }

    private uint Config(ServiceHandle service, string name, out NativeServiceConfig? config)
    {
        config = null;
        var error = api.QueryConfig(service.Value, null, 0, out var needed);
        if (error != WindowsError.InsufficientBuffer) return error;
        var buffer = new byte[needed];
        fixed (byte* bytes = buffer)
        {
            error = api.QueryConfig(service.Value, bytes, needed, out _);
            if (error != WindowsError.None) return error;
            var queried = (WinSvc.QueriedConfig*)bytes;
            config = new()
            {
                Name = name,
                DisplayName = new string(queried->DisplayName),
                CommandLine = new string(queried->CommandLine),
                StartType = queried->Start switch
                {
                    WinSvc.SERVICE_DEMAND_START => NativeStartType.Manual,
                    WinSvc.SERVICE_DISABLED => NativeStartType.Disabled,
                    _ => NativeStartType.Automatic,
                },
                Account = queried->Account is null || *queried->Account == 0 ? ScmAccount.LocalSystem : new string(queried->Account),
                Dependencies = MultiText.Split(queried->Dependencies),
                PreshutdownTimeout = TimeSpan.Zero,
            };
            return WindowsError.None;
        }
    }

    /// <remarks>A handle that was opened a moment ago can be none any more (seen under Wine, on a busy machine): nothing was done then, and a new one is had at once.</remarks>
    private Outcome<Done> Do(string name, uint access, Func<nint, uint> what)
    {
        var isAgain = false;
        while (true)
        {
            var opened = Open(name, access);
            if (!opened.TryGet(out var service)) return Outcome.Failed<Done>(opened.Problems);
            using (service)
            {
                var error = what(service.Value);
                if (error == WindowsError.None) return Outcome.Done;
                if (error != WindowsError.InvalidHandle || isAgain) return ScmProblems.Explain(error, name);
            }

            isAgain = true;
        }
    }

    private Outcome<ServiceHandle> Open(string name, uint access)
    {
        var error = OpenManager(WinSvc.SC_MANAGER_CONNECT, out var manager);
        if (error != WindowsError.None) return ScmProblems.Explain(error, name);
        using (manager)
        {
            fixed (char* text = name)
            {
                error = api.Open(manager.Value, text, access, out var service);
                return error == WindowsError.None ? new ServiceHandle(api, service) : ScmProblems.Explain(error, name);
            }
        }
    }

    private uint OpenManager(uint access, out ServiceHandle handle)
    {
        var error = api.OpenManager(access, out var manager);
        handle = new(api, manager);
        return error;
    }
}
