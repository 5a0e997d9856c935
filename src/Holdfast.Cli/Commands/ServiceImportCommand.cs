using System.CommandLine;
using Holdfast.Cli.Units;
using Holdfast.Core.NativeServices.Importing;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Node.Pinning;
using Holdfast.Packaging.Documents;

namespace Holdfast.Cli.Commands;

/// <summary>Installs what another wrapper ran, or a definition of ours. The service that was is not touched.</summary>
internal sealed class ServiceImportCommand : InstallingCommand
{
    private const string Header = "# What `holdfast service import` made of it. Change it with `holdfast service edit`; any key: `holdfast explain service`.\n";

    private static readonly Problem OneSource = new(ProblemKind.BadInput, "import.source", "what is to be imported is one file, or one service of NSSM's")
    {
        Mend = "holdfast service import FILE, or on Windows --nssm NAME",
    };

    private readonly IServiceRegistry? registry;
    private readonly Argument<string?> file = new("file") { Description = "WinSW's XML, Servy's export, NSSM's key from `reg export`, or a definition of ours", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> nssm = new("--nssm") { Description = "Instead: a service that NSSM keeps on this machine (Windows)", HelpName = "NAME" };
    private readonly Option<ImportKind?> from = new("--from") { Description = "Whose it is (default: seen by its content): nssm, winsw, servy, holdfast", HelpName = "KIND" };
    private readonly Option<string?> called = new("--name") { Description = "What it is to be called (default: as it was)", HelpName = "NAME" };
    private readonly Option<string?> user = new("--user", "--log-on-as") { Description = "The account it runs under (default: as it was)", HelpName = "ACCOUNT" };
    private readonly Option<bool> dry = new("--dry-run") { Description = "Print the definition and say what became of each setting; change nothing" };

    /// <param name="registry">Null: this machine's, if it has one.</param>
    public ServiceImportCommand(CliContext cli, IServiceRegistry? registry = null)
        : base(cli, "import", "Install a service that NSSM, WinSW or Servy keeps, or one of ours from its definition; the old one is not touched")
    {
        this.registry = registry ?? (OperatingSystem.IsWindows() ? new WindowsServiceRegistry() : null);
        Arguments.Add(file);
        foreach (var option in new Option[] { nssm, from, called, user }) Options.Add(option);
        foreach (var option in PinAs.All.Concat(Account.All)) Options.Add(option);
        Options.Add(dry);
        Options.Add(Now);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var read = Read(parse);
        if (!read.TryGet(out var import)) return Terminal.Fail(read.Problems);
        var problems = new List<Problem>(import.Problems);
        var spec = import.Definition.Spec;
        if (!InstanceNames.IsValid(spec.Name)) problems.Insert(0, BadName(spec.Name));
        // What is a path of another system is a problem already, and no file that is missing.
        if (!problems.Exists(problem => problem.Rule is "import.windows-path" && problem.What.StartsWith("command:", StringComparison.Ordinal)))
        {
            var found = Executable(import);
            problems.AddRange(found.Problems);
            if (found.IsOk) spec = spec with { Command = [found.Value, .. spec.Command.Skip(1)] };
        }

        var pin = PinAs.Of(parse, PinOf(spec, import.Definition.Install));
        var definition = new InstalledDefinition { Spec = spec, Install = new() { Start = pin.Start, Depends = pin.Dependencies, Writable = pin.Writable, ExecutableOnly = pin.ExecutableOnly } };
        problems.AddRange(ImportFit.Unpinned(spec, pin.Executable, pin.ExecutableOnly, import.Places));
        var text = SpecWriter.ToYaml(spec);
        problems.AddRange(SpecFile.Read(text, $"the definition of {spec.Name}").Problems);

        foreach (var line in import.Told.Where(line => parse.GetValue(dry) || !line.StartsWith("taken:", StringComparison.Ordinal))) Terminal.Say(line);
        if (parse.GetValue(dry)) Terminal.Out.Write(DefinitionWriter.ToYaml(definition));
        if (problems.Count > 0) return Terminal.Fail(problems);
        if (parse.GetValue(dry))
        {
            Terminal.Say("Nothing was changed.");
            return ExitCode.Ok;
        }

        var done = await InstallAsync(parse, pin, Header + text, [KeyValuePair.Create("from", import.From)], cancel);
        if (import.Was is { } was && done == ExitCode.Ok)
            Terminal.Say($"The service that was, {was}, is not touched. Before this one runs in its place: sc.exe stop \"{was}\", then sc.exe delete \"{was}\"; then holdfast service start {spec.Name}");
        return done;
    }

    private Outcome<Import> Read(ParseResult parse)
    {
        var (given, service, name, account) = (parse.GetValue(file), parse.GetValue(nssm), parse.GetValue(called), parse.GetValue(user));
        if (given is null == service is null) return OneSource;
        if (service is not null)
        {
            if (registry is null) return new Problem(ProblemKind.BadInput, "import.no-registry", "there is no registry here: --nssm reads that of Windows") { Mend = "on that machine: `reg export HKLM\\SYSTEM\\CurrentControlSet\\Services\\NAME file.reg`, then import the file" };
            return registry.Read(service).Then(keys => NssmImport.Read(keys, service)).Then<Import>(imported => Import.Of(imported, "nssm", null, name, account));
        }

        var path = Cli.PathOf(given!);
        try
        {
            return Import.Read(File.ReadAllBytes(path), path, parse.GetValue(from), name, account);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new Problem(ProblemKind.NotFound, "import.unreadable", $"{path} cannot be read") { Why = failure.Message };
        }
    }

    /// <summary>A relative one was searched for at run time; here it is looked for once, where the service starts and where its file lies.</summary>
    private Outcome<string> Executable(Import import)
    {
        var (named, spec) = (import.Definition.Spec.Command[0], import.Definition.Spec);
        if (Path.IsPathFullyQualified(named)) return Resolve(named);
        var folders = new[] { spec.WorkingFolder, import.Folder }.OfType<string>().Where(Path.IsPathFullyQualified);
        return folders.Select(folder => Resolve(Path.Combine(folder, named))).FirstOrDefault(found => found.IsOk)
            ?? new Problem(ProblemKind.NotFound, "service.no-executable", $"the executable {named} is no path of this host")
            {
                Mend = "write the definition with `--dry-run >FILE`, give its command the whole path, and import FILE",
            };
    }

    private Pin PinOf(ServiceSpec spec, InstallSpec install) => NewPin(spec.Name, spec.Command[0]) with
    {
        Start = install.Start, Dependencies = install.Depends, Writable = install.Writable, ExecutableOnly = install.ExecutableOnly,
    };
}
