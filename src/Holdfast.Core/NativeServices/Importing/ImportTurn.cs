using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Services.Fields;
using Holdfast.Core.Services.Units;

namespace Holdfast.Core.NativeServices.Importing;

/// <summary>One import while it is being made: the spec so far, and what could not be taken.</summary>
/// <param name="from">The file's name, or the service's.</param>
/// <param name="places">Where its settings stand; null: nowhere.</param>
internal sealed class ImportTurn(string from, ImportPlaces? places = null)
{
    private const int LongestDescription = 500;

    private static readonly string[] SecretWords = ["PASSWORD", "PASSWD", "SECRET", "TOKEN", "APIKEY", "API_KEY", "API-KEY"];
    private static readonly TimeSpan LongestStop = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestPreshutdown = TimeSpan.FromDays(1);

    private readonly List<ImportNote> notes = [];
    private readonly List<TakenSetting> taken = [];
    private string was = "";

    public ServiceSpec Spec { get; set; } = new() { Name = "", Command = [], Windows = new WindowsSpec { NativeService = true } };

    public string? WorkingFolder { get; set; }

    public WindowsSpec Windows
    {
        get => Spec.Windows!;
        set => Spec = Spec with { Windows = value };
    }

    /// <param name="name">What it is called in a setting that holds several.</param>
    public void Note(string setting, string says, string? name = null)
    {
        var note = new ImportNote(setting, says) { Where = places?.Of(name is null ? setting : $"{setting} {name}") };
        if (!notes.Contains(note)) notes.Add(note);
    }

    public void Took(string setting, string key)
    {
        var one = new TakenSetting(setting, key);
        if (!taken.Contains(one)) taken.Add(one);
    }

    /// <summary>For a setting that nobody here knows: its value too, unless that may be a secret.</summary>
    public void Unknown(string setting, string? value) => Note(setting, value is null || Sounds(setting) ? "is not understood, and left out" : $"is not understood, and left out ({value})");

    /// <summary>The name as it is, or the nearest one that can be a service's here.</summary>
    public void Name(string setting, string name)
    {
        was = name;
        Spec = Spec with { Name = name };
        if (Names.Service.Check(name) is null) return;
        var letters = name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-');
        var near = string.Join('-', string.Concat(letters).Split('-', StringSplitOptions.RemoveEmptyEntries)).TrimStart([.. "0123456789-"]);
        near = near.Length > 63 ? near[..63].TrimEnd('-') : near;
        Spec = Spec with { Name = near.Length > 0 ? near : "imported" };
        Note(setting, $"`{name}` becomes `{Spec.Name}`: a name has lower-case letters, digits and hyphens; whoever depends on the old name must be told");
        Windows = Windows with { DisplayName = Windows.DisplayName ?? name };
    }

    public void Executable(string setting, string path, IReadOnlyList<string> arguments)
    {
        Spec = Spec with { Command = [Plain(path), .. arguments.Select(Literal)] };
        CheckExpansion(setting, [path, .. arguments]);
        CheckArguments(setting, arguments);
        if (!IsAbsolute(path)) Note(setting, $"`{path}` is searched for at run time there; here an executable is named by its whole path");
    }

    /// <param name="lines">NAME=value each.</param>
    public void Environment(string setting, IEnumerable<string> lines)
    {
        var environment = new SortedDictionary<string, string>(Spec.Environment.ToDictionary(), StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            var name = equals > 0 ? line[..equals] : line;
            if (equals <= 0) Note(setting, $"a line without a name and = is left out");
            else if (Names.Environment.Check(name) is { } fault) Note(setting, $"`{name}` is left out: it {fault.What}", name);
            else if (Sounds(name)) Note(setting, $"`{name}` sounds like a secret, and is left out: put it into a file that only administrators read, and name that under `secrets`; the service finds its path in {name}_FILE", name);
            else environment[name] = Literal(line[(equals + 1)..]);
            if (equals > 0 && !Sounds(name)) CheckExpansion($"{setting} {name}", [line[(equals + 1)..]]);
        }

        Spec = Spec with { Environment = environment };
    }

    public HookSpec? Hook(string setting, string? path, IReadOnlyList<string> arguments, TimeSpan? timeout)
    {
        if (string.IsNullOrWhiteSpace(path)) return null;
        CheckExpansion(setting, [path, .. arguments]);
        CheckArguments(setting, arguments);
        var hook = new HookSpec { Command = [Plain(path), .. arguments.Select(Literal)] };
        return timeout is { } limit && limit > TimeSpan.Zero ? hook with { Timeout = limit } : hook;
    }

    public void StopWithin(string setting, TimeSpan within)
    {
        var timeout = within < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : within > LongestStop ? LongestStop : within;
        if (timeout != within) Note(setting, $"becomes {DurationText.Format(timeout)}");
        Spec = Spec with { Stop = new StopSpec { Signal = "INT", Timeout = timeout } };
    }

    public void Priority(string setting, string? word)
    {
        var priority = word?.ToUpperInvariant() switch
        {
            "IDLE" => PriorityClass.Low,
            "BELOWNORMAL" => PriorityClass.BelowNormal,
            "NORMAL" => PriorityClass.Normal,
            "ABOVENORMAL" => PriorityClass.AboveNormal,
            "HIGH" => PriorityClass.High,
            "REALTIME" => PriorityClass.High,
            _ => (PriorityClass?)null,
        };
        if (priority is null) Note(setting, "is not understood, and left out");
        if (word?.ToUpperInvariant() == "REALTIME") Note(setting, "realtime becomes high: it could stop the machine");
        Spec = Spec with { Priority = priority ?? Spec.Priority };
    }

    public void Affinity(string setting, string cpus)
    {
        if (cpus.Equals("All", StringComparison.OrdinalIgnoreCase)) return;
        if (CpuSetText.Numbers(cpus.Replace(" ", "", StringComparison.Ordinal)) is { } numbers) Spec = Spec with { Limits = Spec.Limits with { Affinity = CpuSetText.Format(numbers) } };
        else Note(setting, $"`{cpus}` is not understood, and left out");
    }

    public void Account(string setting, string? account)
    {
        if (string.IsNullOrWhiteSpace(account))
        {
            account = ScmAccount.LocalSystem;
            Note(setting, "it ran as LocalSystem, the most powerful account there is");
        }
        else if (!ScmAccount.HasNoPassword(account))
        {
            Note(setting, "the password is not taken over");
        }

        Spec = Spec with { User = new UserSpec(account) };
    }

    public Outcome<ImportedService> Done()
    {
        var problems = new List<Problem>();
        if (Spec.Command.Count == 0)
            problems.Add(new(ProblemKind.BadInput, "import.no-executable", $"{from} names no executable") { Mend = "export the whole configuration of one service" });
        if (Spec.Name.Length == 0)
            problems.Add(new(ProblemKind.BadInput, "import.no-name", $"{from} names no service") { Mend = "export the whole configuration of one service" });
        if (problems.Count > 0) return problems;

        Bound();
        var budget = StopBudget.Of(Spec);
        if (Windows.PreshutdownTimeout is { } granted && (granted < budget.Total || granted > LongestPreshutdown))
        {
            Note("preshutdownTimeout", $"{DurationText.Format(granted)} is not taken over: Windows is asked to wait as long as a whole stop can take, {DurationText.Format(budget.Total)}");
            Windows = Windows with { PreshutdownTimeout = null };
        }

        if (budget.Total > NativeServiceLimits.ConsoleWaits)
            Note("stop", $"it can take {DurationText.Format(budget.Total)}, and services.msc waits {DurationText.Format(NativeServiceLimits.ConsoleWaits)} ({budget.Words}): lower `stop.timeout` or the hooks' time-outs");
        return new ImportedService(was, Spec, WorkingFolder, taken, notes)
        {
            Places = taken.Where(one => places?.Of(one.Setting) is not null).GroupBy(one => one.Key).ToDictionary(of => of.Key, of => places!.Of(of.First().Setting)!.Value, StringComparer.Ordinal),
        };
    }

    /// <summary>What is beyond our rules comes within them, and is told.</summary>
    private void Bound()
    {
        if (Spec.Description is { Length: > LongestDescription } description)
        {
            Note("description", $"is cut after {LongestDescription} characters");
            Spec = Spec with { Description = description[..LongestDescription] };
        }

        var restart = Spec.Restart;
        var delays = Enumerable.Range(0, restart.Attempts).Aggregate(TimeSpan.Zero, (sum, i) => sum + restart.Delays[Math.Min(i, restart.Delays.Count - 1)]);
        if (delays >= restart.Window)
        {
            Note("restart", $"the delays of {restart.Attempts} restarts take {DurationText.Format(delays)}: they are counted within {DurationText.Format(delays * 2)}");
            Spec = Spec with { Restart = restart with { Window = delays * 2 } };
        }

        if (Windows.Recovery is { Command: null } recovery && recovery.Actions.Any(action => action.Kind == RecoveryKind.Run))
        {
            Note("FailureActions", "a program was to be run, and none was named: that action becomes none");
            Windows = Windows with { Recovery = recovery with { Actions = [.. recovery.Actions.Select(action => action.Kind == RecoveryKind.Run ? action with { Kind = RecoveryKind.None } : action)] } };
        }
    }

    private static string Plain(string path) => path.Trim().Trim('"');

    /// <summary>What begins with ${ would be replaced here.</summary>
    private static string Literal(string text) => text.Replace("${", "$${", StringComparison.Ordinal);

    private static bool IsAbsolute(string path) => path.StartsWith('/') || (Plain(path) is { Length: > 2 } plain && ((plain[1] == ':' && plain[2] is '\\' or '/') || plain.StartsWith(@"\\", StringComparison.Ordinal)));

    private static bool Sounds(string name) => SecretWords.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));

    private void CheckArguments(string setting, IReadOnlyList<string> arguments)
    {
        if (arguments.Any(Sounds)) Note(setting, "an argument sounds like a secret; it stands in the definition as it stood there, and every account sees it: let the program read it from a file");
    }

    private void CheckExpansion(string setting, IReadOnlyList<string> texts)
    {
        foreach (var text in texts)
        {
            var first = text.IndexOf('%', StringComparison.Ordinal);
            var second = first < 0 ? -1 : text.IndexOf('%', first + 1);
            if (second > first + 1) Note(setting, $"{text[first..(second + 1)]} was replaced at run time there, and is not here: write what it stands for");
        }
    }
}
