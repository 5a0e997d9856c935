using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;

namespace Holdfast.Core.NativeServices.Importing;

/// <summary>A service that WinSW keeps (2.x and 3.x), from its XML file.</summary>
public static class WinswImport
{
    private static readonly TimeSpan DefaultStop = TimeSpan.FromSeconds(15);

    private static readonly (string Unit, double Seconds)[] Units =
    [
        ("ms", 0.001), ("secs", 1), ("sec", 1), ("mins", 60), ("min", 60), ("hours", 3600), ("hour", 3600), ("hrs", 3600), ("hr", 3600), ("days", 86_400), ("day", 86_400),
    ];

    private static readonly Dictionary<string, string> Otherwise = new(StringComparer.OrdinalIgnoreCase)
    {
        ["logpath"] = "output is captured in segments (`holdfast logs`), and no file is written",
        ["logmode"] = "output is captured in segments; `output` says how long they are kept",
        ["log"] = "output is captured in segments; `output` says how long they are kept",
        ["download"] = "nothing is fetched at a start: what runs is what was verified; put the file into the package",
        ["interactive"] = "services have no desktop to talk to",
        ["extensions"] = "extensions are not taken over; all processes of a service end with it by themselves",
        ["securityDescriptor"] = "rights on the service itself are not taken over: `acl show` and `acl apply`",
        ["securtityDescriptor"] = "rights on the service itself are not taken over: `acl show` and `acl apply`",
        ["sharedDirectoryMapping"] = "drives are not mapped: name the path by its server",
    };

    /// <summary>Technicalities whose meaning does not exist here, or which others have taken.</summary>
    private static readonly HashSet<string> Silent = new(StringComparer.OrdinalIgnoreCase)
    {
        "id", "name", "description", "executable", "arguments", "argument", "startarguments", "startargument", "stopexecutable", "stoparguments", "stopargument",
        "workingdirectory", "env", "startmode", "delayedAutoStart", "depend", "onfailure", "resetfailure", "stoptimeout", "priority", "serviceaccount",
        "prestart", "poststart", "prestop", "poststop", "preshutdown", "preshutdownTimeout",
        "waithint", "sleeptime", "stopparentprocessfirst", "hidewindow", "beeponshutdown", "autoRefresh",
    };

    /// <param name="text">The XML file, decoded.</param>
    /// <param name="file">Its name, for problems.</param>
    /// <param name="folder">Where it lies: what %BASE% stands for.</param>
    public static Outcome<ImportedService> Read(string text, string file, string folder)
    {
        ArgumentNullException.ThrowIfNull(text);
        // A document type may name other files and grow without bounds; none of WinSW's has one.
        if (text.Contains("<!DOCTYPE", StringComparison.OrdinalIgnoreCase))
            return new Problem(ProblemKind.BadInput, "import.xml", "has a document type, which is not read") { Where = new Place(file, 1, 1) };
        XElement root;
        try
        {
            root = XDocument.Parse(text.Replace("%BASE%", folder, StringComparison.OrdinalIgnoreCase)).Root!;
        }
        catch (XmlException broken)
        {
            return new Problem(ProblemKind.BadInput, "import.xml", broken.Message) { Where = new Place(file, broken.LineNumber, broken.LinePosition) };
        }

        if (root.Name.LocalName != "service")
            return new Problem(ProblemKind.BadInput, "import.winsw", $"{file} is no configuration of WinSW's") { Why = "its root is not <service>" };
        var turn = new ImportTurn(file);
        TakeScm(turn, root);
        TakeProcess(turn, root);
        TakeFailures(turn, root);
        TakeHooks(turn, root);
        foreach (var element in root.Elements().Where(element => !Silent.Contains(element.Name.LocalName)))
            turn.Note(element.Name.LocalName, Otherwise.GetValueOrDefault(element.Name.LocalName) ?? "is not understood, and left out");
        return turn.Done();
    }

    private static void TakeScm(ImportTurn turn, XElement root)
    {
        var mode = Text(root, "startmode") ?? "Automatic";
        var delayed = root.Element("delayedAutoStart") is { } element && !element.Value.Trim().Equals("false", StringComparison.OrdinalIgnoreCase);
        turn.Windows = turn.Windows with
        {
            DisplayName = Text(root, "name"),
            StartType = mode.ToUpperInvariant() switch
            {
                "MANUAL" => NativeStartType.Manual,
                "DISABLED" => NativeStartType.Disabled,
                _ => delayed ? NativeStartType.Delayed : NativeStartType.Automatic,
            },
            Dependencies = [.. root.Elements("depend").Select(one => one.Value.Trim()).Where(name => name.Length > 0)],
        };
        if (mode.ToUpperInvariant() is "BOOT" or "SYSTEM") turn.Note("startmode", $"{mode} is for drivers; it becomes automatic");
        turn.Name("id", Text(root, "id") ?? "");
        turn.Spec = turn.Spec with { Description = Text(root, "description") };
        if (Text(root, "preshutdownTimeout") is { } preshutdown) turn.Windows = turn.Windows with { PreshutdownTimeout = Time(turn, "preshutdownTimeout", preshutdown) };

        var account = root.Element("serviceaccount");
        var name = Text(account, "username") ?? (Text(account, "user") is { } user ? $"{Text(account, "domain") ?? "."}\\{user}" : null);
        if (account is not null && name is null) turn.Note("serviceaccount", "it was asked for at the installation: give it with `--account`");
        turn.Account("serviceaccount", name is not null && ScmAccount.Same(name, ScmAccount.LocalSystem) ? null : name);
    }

    private static void TakeProcess(ImportTurn turn, XElement root)
    {
        turn.Executable("executable", Text(root, "executable") ?? "", Arguments(root, "startargument") is { Count: > 0 } start ? start : Arguments(root, "argument"));
        if (Text(root, "executable") is null) turn.Spec = turn.Spec with { Command = [] };
        turn.WorkingFolder = Text(root, "workingdirectory");
        turn.Environment("env", root.Elements("env").Select(env => $"{env.Attribute("name")?.Value}={env.Attribute("value")?.Value}"));
        turn.StopWithin("stoptimeout", Text(root, "stoptimeout") is { } stop ? Time(turn, "stoptimeout", stop) : DefaultStop);
        if (Text(root, "priority") is { } priority) turn.Priority("priority", priority);
    }

    /// <summary>WinSW lets the SCM restart the whole service when its program fails; here that is the program's own restart.</summary>
    private static void TakeFailures(ImportTurn turn, XElement root)
    {
        var failures = root.Elements("onfailure").ToList();
        var restarts = failures.TakeWhile(failure => Action(failure) == "restart").ToList();
        var restart = turn.Spec.Restart with { Policy = RestartPolicy.OnFailure };
        if (restarts.Count == 0)
        {
            restart = restart with { Attempts = 0 };
        }
        else
        {
            restart = restart with { Delays = [.. restarts.Select(failure => failure.Attribute("delay")?.Value is { } delay ? Time(turn, "onfailure", delay) : TimeSpan.Zero)] };
            if (restarts.Count < failures.Count) restart = restart with { Attempts = restarts.Count };
            else turn.Note("onfailure", "the last restart repeated without end; here `restart` gives up after 3 restarts within 10 minutes, and says so");
        }

        if (failures.Exists(failure => Action(failure) == "reboot")) turn.Note("onfailure", "reboot is left out: a service that fails does not take the machine with it (`windows.recovery` can)");
        if (Text(root, "resetfailure") is { } reset) restart = restart with { ResetAfter = Positive(Time(turn, "resetfailure", reset)) };
        var window = restart.Delays.Aggregate(TimeSpan.Zero, (sum, delay) => sum + delay) * Math.Max(restart.Attempts, 1);
        if (window >= restart.Window) restart = restart with { Window = window * 2 };
        turn.Spec = turn.Spec with { Restart = restart };
    }

    private static void TakeHooks(ImportTurn turn, XElement root)
    {
        var hooks = new HooksSpec { PreStart = Hook("prestart"), PostStart = Hook("poststart"), PreStop = Hook("prestop"), PostStop = Hook("poststop") };
        if (hooks.PreStart is not null) turn.Note("prestart", "its failure was only logged; here it is a failed start");
        var (stop, arguments) = (Text(root, "stopexecutable"), Arguments(root, "stopargument"));
        if (stop is not null || arguments.Count > 0)
        {
            if (hooks.PreStop is not null) turn.Note("prestop", "is left out: what stops the service takes its place");
            hooks = hooks with { PreStop = turn.Hook("stopexecutable", stop ?? Text(root, "executable"), arguments, turn.Spec.Stop.Timeout) };
            turn.Note("stopexecutable", "becomes hooks.preStop: it was waited for without end, and has the limit of `stoptimeout` here; the stop signal follows it");
        }

        turn.Spec = turn.Spec with { Hooks = hooks };

        HookSpec? Hook(string name) => root.Element(name) is { } element ? turn.Hook(name, Text(element, "executable"), WindowsCommandLine.Split(Text(element, "arguments") ?? ""), null) : null;
    }

    private static string? Action(XElement failure) => failure.Attribute("action")?.Value.ToLowerInvariant();

    /// <summary>One element for each, or all in one line under the plural.</summary>
    private static IReadOnlyList<string> Arguments(XElement root, string name) =>
        root.Elements(name).Any() ? [.. root.Elements(name).Select(one => one.Value)] : WindowsCommandLine.Split(Text(root, name + "s") ?? "");

    private static string? Text(XElement? parent, string name) => parent?.Element(name)?.Value.Trim() is { Length: > 0 } text ? text : null;

    private static TimeSpan Positive(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.FromSeconds(1);

    /// <summary>A number and a unit, or milliseconds.</summary>
    private static TimeSpan Time(ImportTurn turn, string setting, string text)
    {
        var (unit, seconds) = Units.FirstOrDefault(one => text.EndsWith(one.Unit, StringComparison.OrdinalIgnoreCase));
        var number = (unit is null ? text : text[..^unit.Length]).Trim();
        if (double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value < 1e9)
            return TimeSpan.FromMilliseconds(Math.Round(value * (unit is null ? 1 : seconds * 1000)));
        turn.Note(setting, $"`{text}` is not understood, and left out");
        return setting == "stoptimeout" ? DefaultStop : TimeSpan.Zero;
    }
}
