using System.CommandLine;
using Holdfast.Cli.Documents;
using Holdfast.Core.Problems;
using Holdfast.Node.Api;
using Holdfast.Node.Backups;
using Holdfast.Platform;

namespace Holdfast.Cli.Commands;

internal sealed class BackupVerifyCommand : CliCommand
{
    private readonly Argument<string> file = new("file") { Description = "A backup" };
    private readonly Option<string> format = FormatOption.Plain();
    private readonly Option<string?> expect = ExpectOption.Create();

    public BackupVerifyCommand(CliContext cli)
        : base(cli, "verify", "Check everything that a restore checks, and restore nothing")
    {
        Arguments.Add(file);
        Options.Add(expect);
        Options.Add(format);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        NewFiles.CloseToOthers();
        var path = Cli.PathOf(parse.GetRequiredValue(file));
        var verified = await NodeRestore.VerifyAsync(path, parse.GetValue(expect), Cli.Time, cancel);
        if (!verified.TryGet(out var receipt)) return Terminal.Fail(verified.Problems);
        var summary = BackupMessage.Of(receipt);
        foreach (var warning in summary.Warnings) Terminal.Say($"warning: {warning}");
        var shown = parse.Format(format);
        if (shown.IsDocument()) Terminal.Document(BackupText.Document(path, summary), shown);
        else BackupText.Show(Terminal, path, summary);
        return ExitCode.Ok;
    }
}
