using System.CommandLine;
using Holdfast.Core.NativeServices;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Node.Pinning;
using Holdfast.Packaging.Documents;
using Holdfast.Platform;

namespace Holdfast.Cli.Commands;

/// <summary>Makes any executable of the host a service of the service manager, kept by a supervisor of its own, with nothing else set up.</summary>
internal sealed class ServiceInstallCommand : InstallingCommand
{
    private readonly Argument<string> service = new("name") { Description = "What the service is to be called" };
    private readonly Argument<string[]> command = new("command") { Description = "The executable and its arguments; after -- they may begin with a dash", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> spec = new("--spec") { Description = "A service's spec (holdfast.yaml) instead: its command names the executable by its absolute path", HelpName = "FILE" };
    private readonly Option<string?> user = new("--user", "--log-on-as") { Description = "The account it runs under (default: the service manager's own: root, LocalSystem)", HelpName = "ACCOUNT" };
    private readonly Option<string[]> groups = new("--access") { Description = "A group of this host and what it may do: read, execute, control; may be given again", HelpName = "GROUP=RIGHT,…" };
    private readonly Option<string[]> variables = new("--env") { Description = "A variable of its environment; may be given again", HelpName = "NAME=VALUE" };
    private readonly Option<string?> folder = new("--working-folder") { Description = "Where it starts (default: the executable's folder)", HelpName = "FOLDER" };
    private readonly Option<string?> description = new("--description") { Description = "One sentence for people", HelpName = "TEXT" };

    public ServiceInstallCommand(CliContext cli)
        : base(cli, "install", "Make an executable of this host a service: pinned as it is now, supervised, started at boot")
    {
        Arguments.Add(service);
        Arguments.Add(command);
        foreach (var option in new Option[] { spec, user, groups, variables, folder, description }) Options.Add(option);
        foreach (var option in PinAs.All.Concat(Account.All)) Options.Add(option);
        Options.Add(Now);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var name = parse.GetRequiredValue(service);
        var asked = Ask(parse, name);
        return asked.TryGet(out var request) ? await InstallAsync(parse, request.Pin, request.Spec, [], cancel) : Terminal.Fail(asked.Problems);
    }

    private Outcome<(Pin Pin, string Spec)> Ask(ParseResult parse, string name)
    {
        if (!InstanceNames.IsValid(name)) return BadName(name);
        var (words, file) = (parse.GetValue(command) ?? [], parse.GetValue(spec));
        if (words.Length == 0 == (file is null))
        {
            return new Problem(ProblemKind.BadInput, "service.command", words.Length == 0 ? "what it is to run is missing" : "a command and --spec are given")
            {
                Mend = $"holdfast service install {name} /opt/app/app -- --its-arguments, or --spec FILE",
            };
        }

        return file is null ? ByWords(parse, name, words) : BySpec(parse, name, Cli.PathOf(file));
    }

    private Outcome<(Pin Pin, string Spec)> ByWords(ParseResult parse, string name, string[] words)
    {
        var (split, granted) = (Pairs(parse.GetValue(variables)), Pairs(parse.GetValue(groups)));
        List<Problem> bad =
        [
            .. split.Where(pair => pair.Length != 2).Select(pair => new Problem(ProblemKind.BadInput, "service.env", $"--env {pair[0]} is not NAME=VALUE")),
            .. granted.Where(pair => pair.Length != 2).Select(pair => new Problem(ProblemKind.BadInput, "service.access", $"--access {pair[0]} is not GROUP=RIGHT,…") { Mend = $"as in --access {pair[0]}=read,execute" }),
        ];
        var resolved = Resolve(words[0]);
        if (bad.Count > 0 || !resolved.TryGet(out var executable)) return Outcome.Failed<(Pin Pin, string Spec)>([.. bad, .. resolved.Problems]);
        var text = new PinnedSpec
        {
            Name = name,
            Description = parse.GetValue(description),
            Executable = Path.GetFileName(executable),
            Arguments = words[1..],
            Environment = [.. split.Select(pair => KeyValuePair.Create(pair[0], pair[1]))],
            WorkingFolder = parse.GetValue(folder) is { } given ? Cli.PathOf(given) : null,
            User = parse.GetValue(user),
            Access = [.. granted.Select(pair => KeyValuePair.Create(pair[0], pair[1]))],
        };
        return (PinAs.Of(parse, NewPin(name, executable)), text.ToYaml());
    }

    private static List<string[]> Pairs(string[]? given) => [.. (given ?? []).Select(pair => pair.Split('=', 2))];

    private Outcome<(Pin Pin, string Spec)> BySpec(ParseResult parse, string name, string file)
    {
        var also = new Option[] { user, groups, variables, folder, description }.FirstOrDefault(option => parse.GetResult(option) is { Implicit: false });
        if (also is not null) return new Problem(ProblemKind.BadInput, "service.spec", $"{also.Name} and --spec are given") { Mend = "write it into the spec" };
        try
        {
            var text = File.ReadAllText(file);
            return SpecFile.Read(text, file).Then(read => Path.IsPathFullyQualified(read.Command[0]) ? Resolve(read.Command[0]) : Relative(file, read))
                .Then<(Pin Pin, string Spec)>(executable => (PinAs.Of(parse, NewPin(name, executable)), text));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new Problem(ProblemKind.NotFound, "service.spec", $"{file} cannot be read") { Why = failure.Message };
        }
    }

    private static Problem Relative(string file, ServiceSpec read) => new(ProblemKind.BadInput, "service.spec", $"the command of {file} is {read.Command[0]}, which is no path of this host")
    {
        Mend = "write the executable's absolute path",
    };
}
