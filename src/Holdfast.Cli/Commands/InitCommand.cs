using System.CommandLine;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;

namespace Holdfast.Cli.Commands;

internal sealed class InitCommand : CliCommand
{
    private readonly Argument<string> name = new("name") { Description = "The new service's name" };

    public InitCommand(CliContext cli)
        : base(cli, "init", "Begin a new service: a folder with a spec that says what can be said") => Arguments.Add(name);

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var service = parse.GetRequiredValue(name);
        if (!SpecTemplate.For(service).TryGet(out var files)) return Terminal.Fail(SpecTemplate.For(service).Problems);
        var folder = Cli.PathOf(service);
        var taken = files.Keys.Where(file => File.Exists(Path.Combine(folder, file))).ToList();
        if (taken.Count > 0)
            return Terminal.Fail(new Problem(ProblemKind.Conflict, "init.exists", $"{Path.Combine(service, taken[0])} is there already") { Mend = "choose another name; nothing was changed" });
        Directory.CreateDirectory(folder);
        foreach (var (file, text) in files) await File.WriteAllTextAsync(Path.Combine(folder, file), text, cancel);
        Terminal.Line($"{Path.Combine(service, SpecWords.FileName)} is written.");
        Terminal.Say($"Next: cd {service}, edit holdfast.yaml, `holdfast validate`, `holdfast pack .`");
        return ExitCode.Ok;
    }
}
