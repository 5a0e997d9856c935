using Holdfast.Core.NativeServices;
using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Rules;
using Holdfast.Core.Services.Shapes;

namespace Holdfast.Core.Services.Fields;

/// <summary>What services.msc shows, in its own words.</summary>
internal static class WindowsFields
{
    /// <summary>What the SCM takes as a name, in characters.</summary>
    private const int LongestName = 256;

    /// <summary>The SCM counts milliseconds in 32 bits.</summary>
    private static readonly DurationShape Delay = new(TimeSpan.Zero, TimeSpan.FromDays(49));

    private static readonly TextShape ScmName = new("name in the SCM")
    {
        Most = LongestName,
        Check = name => name.TrimStart('+').Length == 0 || name != name.Trim() || name.Any(c => char.IsControl(c) || c is '/' or '\\')
            ? new Fault(SpecRules.ScmName, "is not the name of a service", SpecRules.ScmName.Reason, "write the name that `sc query` shows, not the display name")
            : null,
    };

    private static readonly TextShape Privilege = new("name of a privilege")
    {
        Most = 64,
        Pattern = "^Se[A-Za-z]+Privilege$",
        Check = name => name.StartsWith("Se", StringComparison.Ordinal) && name.EndsWith("Privilege", StringComparison.Ordinal) && name.Length > 11 && name.All(char.IsAsciiLetter)
            ? null
            : new Fault(SpecRules.Privilege, "is not the name of a privilege", SpecRules.Privilege.Reason, "write it as `whoami /priv` shows it: SeChangeNotifyPrivilege"),
    };

    private static readonly GroupShape<RecoveryAction> Action = new("RecoveryAction", new RecoveryAction(RecoveryKind.Restart, TimeSpan.Zero),
        new Field<RecoveryAction, RecoveryKind>("action", new ChoiceShape<RecoveryKind>(
                ("restart", RecoveryKind.Restart, "Start the service again."),
                ("run", RecoveryKind.Run, "Run `command`, under the service's account."),
                ("reboot", RecoveryKind.Reboot, "Restart the machine; who installs the service needs the right to."),
                ("none", RecoveryKind.None, "Do nothing.")),
            a => a.Kind, (a, v) => a with { Kind = v }, "What is done.") { Example = "restart" },
        new Field<RecoveryAction, TimeSpan>("after", Delay, a => a.After, (a, v) => a with { After = v },
            "How long after the failure.") { Example = "5s", Synonyms = ["delay"] });

    private static readonly GroupShape<RecoverySettings> Recovery = new("Recovery", new RecoverySettings(),
        new Field<RecoverySettings, IReadOnlyList<RecoveryAction>>("actions",
            new ListShape<RecoveryAction>("list of actions, or of the delays of restarts", new ShorthandShape<TimeSpan, RecoveryAction>(Delay, after => new(RecoveryKind.Restart, after), Action, action => action.Kind == RecoveryKind.Restart ? action.After : null)) { Most = 32 },
            r => r.Actions, (r, v) => r with { Actions = v },
            "First failure, second failure, subsequent failures; the last one repeats.") { Example = "[1s, 5s, {action: run, after: 30s}]", DefaultWords = "restart after 1s, 5s, 30s" },
        new Field<RecoverySettings, TimeSpan>("resetAfter", new DurationShape(TimeSpan.FromSeconds(1), TimeSpan.FromDays(36500)), r => r.ResetAfter, (r, v) => r with { ResetAfter = v },
            "Reset fail count after: so long without a failure, and the count begins anew.") { Example = "1h", Synonyms = ["reset", "resetPeriod"] },
        new Field<RecoverySettings, string>("command", new TextShape("command line") { Most = 1024 }, r => r.Command, (r, v) => r with { Command = v },
            "Run program: the command line of the action `run`.") { Example = "C:\\Tools\\tell.exe orders" },
        new Field<RecoverySettings, bool>("onErrorStops", new FlagShape(), r => r.OnErrorStops, (r, v) => r with { OnErrorStops = v },
            "Enable actions for stops with errors: Windows then also restarts what the service's own `restart` has given up.") { Example = "true" });

    private static readonly TextShape Port = new("port name or number") { Most = 32 };

    private static readonly GroupShape<PauseHooks> Hooks = new("PauseHooks", new PauseHooks(new HookSpec { Command = [] }, new HookSpec { Command = [] }),
        new Field<PauseHooks, HookSpec>("pause", HookFields.Shape, p => p.Pause.Command.Count == 0 ? null : p.Pause, (p, v) => p with { Pause = v },
            "Pauses it; exit code 0 is done.") { Required = true, Example = "{command: [bin/ctl, pause]}" },
        new Field<PauseHooks, HookSpec>("continue", HookFields.Shape, p => p.Continue.Command.Count == 0 ? null : p.Continue, (p, v) => p with { Continue = v },
            "Makes it go on; exit code 0 is done.") { Required = true, Example = "{command: [bin/ctl, continue]}", Synonyms = ["resume"] });

    private static readonly GroupShape<PauseHttp> Http = new("PauseHttp", new PauseHttp("", "", ""),
        new Field<PauseHttp, string>("port", Port, p => p.Port.Length == 0 ? null : p.Port, (p, v) => p with { Port = v },
            "One of the service's ports, by its name or number.") { Required = true, Example = "admin" },
        new Field<PauseHttp, string>("pause", HealthFields.UrlPath, p => p.Pause.Length == 0 ? null : p.Pause, (p, v) => p with { Pause = v },
            "What is posted to in order to pause it; a status of 200 to 299 is done.") { Required = true, Example = "/pause" },
        new Field<PauseHttp, string>("continue", HealthFields.UrlPath, p => p.Continue.Length == 0 ? null : p.Continue, (p, v) => p with { Continue = v },
            "What is posted to so that it goes on.") { Required = true, Example = "/continue", Synonyms = ["resume"] });

    private static readonly GroupShape<PauseSpec> Pause = new("Pause", new PauseSpec(),
        new Field<PauseSpec, PauseHooks>("hooks", Hooks, p => p.Hooks, (p, v) => p with { Hooks = v },
            "Two commands.") { Example = "{pause: {command: [bin/ctl, pause]}, continue: {command: [bin/ctl, continue]}}" },
        new Field<PauseSpec, PauseHttp>("http", Http, p => p.Http, (p, v) => p with { Http = v },
            "Two requests to the service.") { Example = "{port: admin, pause: /pause, continue: /continue}" },
        new Field<PauseSpec, bool>("suspend", new FlagShape(), p => p.Suspend, (p, v) => p with { Suspend = v },
            "All of its processes are suspended, without being asked: its clients wait, and its leases and connections may run out.") { Example = "true" },
        new Field<PauseSpec, TimeSpan>("timeout", new DurationShape(TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1)), p => p.Timeout, (p, v) => p with { Timeout = v },
            "What takes longer has failed; hooks have time-outs of their own.") { Example = "10s" });

    public static GroupShape<WindowsSpec> Shape { get; } = new("Windows", new WindowsSpec(),
        new Field<WindowsSpec, bool>("nativeService", new FlagShape(), w => w.NativeService, (w, v) => w with { NativeService = v },
            "Windows itself knows the service: it stands in services.msc under its own account (`user`: Log On As; without one it is NT SERVICE\\name), with a supervisor of its own.") { Example = "true", Synonyms = ["native", "service"] },
        new Field<WindowsSpec, string>("displayName", new TextShape { Most = LongestName }, w => w.DisplayName, (w, v) => w with { DisplayName = v },
            "Display name: what services.msc lists it under.") { Example = "Orders", DefaultWords = "the service's name" },
        new Field<WindowsSpec, NativeStartType>("startType", new ChoiceShape<NativeStartType>(
                ("automatic", NativeStartType.Automatic, "At boot."),
                ("delayed", NativeStartType.Delayed, "Automatic (Delayed Start): after the others, one by one, at no promised time."),
                ("manual", NativeStartType.Manual, "When somebody starts it."),
                ("disabled", NativeStartType.Disabled, "Not at all.")),
            w => w.StartType, (w, v) => w with { StartType = v }, "Startup type.") { Example = "delayed", Synonyms = ["startupType", "start", "startMode"] },
        new Field<WindowsSpec, IReadOnlyList<string>>("dependencies", new ListShape<string>("list of services of Windows", ScmName) { Most = 64 }, w => w.Dependencies, (w, v) => w with { Dependencies = v },
            "Dependencies: what Windows starts before, by the names that `sc query` shows; a load-order group has + in front.") { Example = "[Tcpip, MSSQLSERVER]", Synonyms = ["dependsOn", "depend", "dependOnService"] },
        new Field<WindowsSpec, RecoverySettings>("recovery", Recovery, w => w.Recovery, (w, v) => w with { Recovery = v },
            "Recovery: what Windows does when the supervisor itself has crashed. What happens when the program ends is `restart`.") { Example = "{actions: [1s, 5s, 1m], resetAfter: 1d}", Synonyms = ["failureActions", "onFailure"] },
        new Field<WindowsSpec, TimeSpan>("preshutdownTimeout", new DurationShape(TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)), w => w.PreshutdownTimeout, (w, v) => w with { PreshutdownTimeout = v },
            "What Windows waits for the service when the machine shuts down.") { Example = "90s", DefaultWords = "what a whole stop can take", Synonyms = ["preshutdown"] },
        new Field<WindowsSpec, ServiceSidType>("serviceSid", new ChoiceShape<ServiceSidType>(
                ("none", ServiceSidType.None, "No identity of its own."),
                ("unrestricted", ServiceSidType.Unrestricted, "NT SERVICE\\name, which rights can be given to."),
                ("restricted", ServiceSidType.Restricted, "It also writes only where that identity, or everyone, was given the right to.")),
            w => w.ServiceSid, (w, v) => w with { ServiceSid = v }, "Whether the process carries an identity of its own.") { Example = "restricted", Synonyms = ["sidType"] },
        new Field<WindowsSpec, IReadOnlyList<string>>("requiredPrivileges", new ListShape<string>("list of privileges", Privilege), w => w.RequiredPrivileges, (w, v) => w with { RequiredPrivileges = v },
            "The only privileges that the process keeps.") { Example = "[SeChangeNotifyPrivilege]", DefaultWords = "all that its account has", Synonyms = ["privileges"] },
        new Field<WindowsSpec, PauseSpec>("pause", Pause, w => w.Pause, (w, v) => w with { Pause = v },
            "How it pauses and goes on: hooks, requests or suspension.") { Example = "{suspend: true}", DefaultWords = "it cannot pause" });
}
