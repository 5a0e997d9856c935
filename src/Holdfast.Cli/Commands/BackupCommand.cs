using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Cli.Documents;
using Holdfast.Cli.Output;
using Holdfast.Core.Backups;
using Holdfast.Core.Problems;
using Holdfast.Node.Api;
using Holdfast.Node.Backups;
using Holdfast.Packaging.Content;
using Holdfast.Platform;
using Holdfast.Rpc.V1;
using Problem = Holdfast.Core.Problems.Problem;

namespace Holdfast.Cli.Commands;

/// <summary>Makes a backup: of a running agent through its API, and of a home without one by reading it.</summary>
internal sealed class BackupCommand : CliCommand
{
    private readonly Argument<string?> file = new("file") { Description = "The backup's file; it must not be there yet", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string> format = FormatOption.Plain();

    public BackupCommand(CliContext cli)
        : base(cli, "backup", "Write store, packages, keys, policy and audit log into one file, while everything runs")
    {
        Arguments.Add(file);
        Options.Add(format);
        Subcommands.Add(new BackupVerifyCommand(cli));
    }

    protected override bool IsAgentsWork => true;

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        if (parse.GetValue(file) is not { Length: > 0 } given) return Terminal.Fail(NoFile());
        NewFiles.CloseToOthers();
        var path = Cli.PathOf(given);
        var opened = BackupTarget.Open(path);
        if (!opened.TryGet(out var target)) return Terminal.Fail(opened.Problems);
        using (target)
        {
            var made = await GuardedAsync(path, target, cancel);
            if (!made.TryGet(out var summary)) return Terminal.Fail(made.Problems);
            Terminal.Say($"{"verifying",-12}  what was written");
            var published = target.Publish(summary.Digest, cancel);
            if (!published.IsOk) return Terminal.Fail(published.Problems);
            foreach (var warning in summary.Warnings) Terminal.Say($"warning: {warning}");
            var shown = parse.Format(format);
            if (shown.IsDocument()) Terminal.Document(BackupText.Document(path, summary), shown);
            else BackupText.Show(Terminal, path, summary);
            return ExitCode.Ok;
        }
    }

    private async Task<Outcome<BackupSummary>> GuardedAsync(string path, BackupTarget target, CancellationToken cancel)
    {
        try
        {
            return await MakeAsync(target, cancel);
        }
        catch (Exception exception) when (FileTrouble.Is(exception))
        {
            return FileTrouble.From(exception, $"write {path}");
        }
    }

    /// <summary>Who holds the agent's lock is asked; where nobody does, nobody starts while we read.</summary>
    private async Task<Outcome<BackupSummary>> MakeAsync(BackupTarget target, CancellationToken cancel)
    {
        if (Cli.Identity is not null) return await AskAsync(target, cancel);
        if (!LocalBackup.IsNode(Cli.Home)) return BackupProblems.NoNode(Cli.Home.Path);
        var locked = FileLock.TryTake(Cli.Home.AgentLock, Cli.Time);
        if (!locked.TryGet(out var held)) return await AskAsync(target, cancel);
        using (held)
        {
            var made = await LocalBackup.RunAsync(Cli.Home, Environment.UserName, target.WriteAsync, Tell, Cli.Time, cancel);
            return made.Then(receipt => Outcome.Of(BackupMessage.Of(receipt)));
        }
    }

    private async Task<Outcome<BackupSummary>> AskAsync(BackupTarget target, CancellationToken cancel)
    {
        using var api = ApiSession.Open(Cli);
        using var call = api.Node.Backup(new BackupRequest(), new(cancel));
        while (await call.MoveNext(cancel))
        {
            var part = call.Current!;
            if (part.Progress is { } progress) await Tell(progress.Step, progress.Message);
            if (!part.Chunk.IsEmpty) await target.WriteAsync(part.Chunk.Memory, cancel);
            if (part.Summary is { } summary) return summary;
        }

        return BackupProblems.Unfinished();
    }

    private Task Tell(string step, string message)
    {
        Terminal.Say($"{step,-12}  {message}");
        return Task.CompletedTask;
    }

    private static Problem NoFile() => new(ProblemKind.BadInput, "cli.arguments", "Required argument missing for command: 'backup'") { Mend = "see `holdfast backup --help`" };
}
