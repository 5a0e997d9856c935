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

    private static readonly Dictionary<string, string> Otherwise = new(StringComparer.Ordinal)
    {
        ["logpath"] = "output is captured in segments (`holdfast logs`), and no file is written",
        ["logmode"] = "output is captured in segments; `output` says how long they are kept",
        ["log"] = "output is captured in segments; `output` says how long they are kept",
        ["download"] = "nothing is fetched at a start: what runs is what was verified; put the file into the package",
        ["interactive"] = "services have no desktop to talk to",
        ["extensions"] = "extensions are not taken over; all processes of a service end with it by themselves",
        ["securityDescriptor"] = "rights on the service itself are not taken over: give them to whom you mean with `sc sdset`",
        ["securtityDescriptor"] = "rights on the service itself are not taken over: give them to whom you mean with `sc sdset`",
        ["sharedDirectoryMapping"] = "drives are not mapped: name the path by its server",
        ["preshutdown"] = "is always asked for here",
        ["waithint"] = "Windows is told of every step that was made, and what time the next one has",
        ["sleeptime"] = "Windows is told of every step that was made, and what time the next one has",
        ["stopparentprocessfirst"] = "the program is asked to end, and everything that it started ends with it",
        ["hidewindow"] = "a service has no window here",
        ["beeponshutdown"] = "nothing beeps",
        ["autoRefresh"] = "`holdfast service edit` changes what Windows knows",
    };

    /// <summary>What has its counterpart, and under which key.</summary>
    public static IReadOnlyDictionary<string, string> Words { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["id"] = "name",
        ["name"] = "windows.displayName",
        ["description"] = "description",
        ["executable"] = "command",
        ["arguments"] = "command",
        ["argument"] = "command",
        ["startarguments"] = "command",
        ["startargument"] = "command",
        ["workingdirectory"] = "workingFolder",
        ["env"] = "environment",
        ["startmode"] = "install.start",
        ["delayedAutoStart"] = "install.start",
        ["depend"] = "install.depends",
        ["onfailure"] = "restart",
        ["resetfailure"] = "restart.resetAfter",
        ["stoptimeout"] = "stop.timeout",
        ["stopexecutable"] = "hooks.preStop",
        ["stoparguments"] = "hooks.preStop",
        ["stopargument"] = "hooks.preStop",
        ["prestart"] = "hooks.preStart",
        ["poststart"] = "hooks.postStart",
        ["prestop"] = "hooks.preStop",
        ["poststop"] = "hooks.postStop",
        ["priority"] = "priority",
        ["preshutdownTimeout"] = "windows.preshutdownTimeout",
        ["serviceaccount"] = "user",
    };

    private static readonly HashSet<string> MayComeAgain = new(StringComparer.Ordinal) { "argument", "startargument", "stopargument", "env", "depend", "onfailure", "download" };

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
            root = XDocument.Parse(Based(text, folder), LoadOptions.SetLineInfo).Root!;
        }
        catch (XmlException broken)
        {
            return new Problem(ProblemKind.BadInput, "import.xml", broken.Message) { Where = new Place(file, broken.LineNumber, broken.LinePosition) };
        }

        if (root.Name.LocalName != "service")
            return new Problem(ProblemKind.BadInput, "import.winsw", $"{file} is no configuration of WinSW's") { Why = "its root is not <service>" };
        var turn = new ImportTurn(file, ImportPlaces.Of(root, file, lastCounts: false));
        TakeScm(turn, root);
        TakeProcess(turn, root, folder);
        TakeFailures(turn, root);
        TakeHooks(turn, root);
        Tell(turn, root);
        return turn.Done();
    }

    /// <summary>The folder is put into XML, and on a host with slashes its paths go on with one.</summary>
    private static string Based(string text, string folder)
    {
        var written = folder.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal);
        if (folder.StartsWith('/')) text = text.Replace(@"%BASE%\", written.TrimEnd('/') + '/', StringComparison.OrdinalIgnoreCase);
        return text.Replace("%BASE%", written, StringComparison.OrdinalIgnoreCase);
    }

    private static void Tell(ImportTurn turn, XElement root)
    {
        foreach (var same in root.Elements().GroupBy(element => element.Name.LocalName))
        {
            if (Words.TryGetValue(same.Key, out var key)) turn.Took(same.Key, key);
            else turn.Note(same.Key, Otherwise.GetValueOrDefault(same.Key) ?? "is not understood, and left out");
            if (same.Count() > 1 && !MayComeAgain.Contains(same.Key)) turn.Note(same.Key, $"is given {same.Count()} times; the first one counts");
            foreach (var below in same.Elements().Where(_ => key?.StartsWith("hooks.", StringComparison.Ordinal) == true).Select(one => one.Name.LocalName).Where(name => name is not ("executable" or "arguments")))
                turn.Note($"{same.Key} {below}", "is left out: a hook's output is captured as the service's is");
        }

        if (Arguments(root, "startargument").Count > 0 && Arguments(root, "argument").Count > 0) turn.Note("arguments", "are left out: those of startarguments took their place");
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
        if (account is not null && name is null) turn.Note("serviceaccount", "it was asked for at the installation: give it with `--user`");
        if (Text(account, "password") is not null) turn.Note("serviceaccount", "the password is not taken over");
        foreach (var below in (account?.Elements() ?? []).Select(one => one.Name.LocalName).Where(one => one is not ("username" or "user" or "domain" or "password")))
            turn.Note($"serviceaccount {below}", "is left out: no account is changed or asked for");
        turn.Account("serviceaccount", name is not null && ScmAccount.Same(name, ScmAccount.LocalSystem) ? null : name);
    }

    private static void TakeProcess(ImportTurn turn, XElement root, string folder)
    {
        turn.Executable("executable", Text(root, "executable") ?? "", Arguments(root, "startargument") is { Count: > 0 } start ? start : Arguments(root, "argument"));
        if (Text(root, "executable") is null) turn.Spec = turn.Spec with { Command = [] };
        // Where the wrapper lay, it started.
        turn.WorkingFolder = Text(root, "workingdirectory") ?? folder;
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
