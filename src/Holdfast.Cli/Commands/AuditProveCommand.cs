using System.CommandLine;
using Google.Protobuf;
using Holdfast.Cli.Api;
using Holdfast.Core.Auditing.Tree;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Content;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Commands;

internal sealed class AuditProveCommand : CliCommand
{
    private readonly Argument<long?> entry = new("entry") { Description = "The entry's number, as `holdfast audit list` shows it", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> kept = new("--kept") { Description = "Instead of an entry: a checkpoint that was kept, to prove that the log still begins with it", HelpName = "CHECKPOINT" };
    private readonly Option<string?> file = new("--out") { Description = "The proof's file; it must not be there yet (default: standard output)", HelpName = "FILE" };

    public AuditProveCommand(CliContext cli)
        : base(cli, "prove", "Prove with a signed checkpoint that an entry is in the audit log, or that the log only grew")
    {
        Arguments.Add(entry);
        Options.Add(kept);
        Options.Add(file);
        Validators.Add(result =>
        {
            if (result.GetValue(entry) is null == result.GetValue(kept) is null) result.AddError("give the number of an entry, or --kept CHECKPOINT");
        });
    }

    protected override bool IsAgentsWork => true;

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var request = new ProveAuditRequest { Sequence = parse.GetValue(entry) ?? 0 };
        if (parse.GetValue(kept) is { } before)
        {
            try
            {
                request.Kept = ByteString.CopyFrom(await File.ReadAllBytesAsync(Cli.PathOf(before), cancel));
            }
            catch (Exception e) when (FileTrouble.Is(e))
            {
                return Terminal.Fail(FileTrouble.From(e, $"read {before}"));
            }
        }

        using var api = ApiSession.Open(Cli);
        var made = (await api.Node.ProveAuditAsync(request, new(cancel))).Proof;
        if (AuditProof.Parse(made.Memory) is { Entry: null }) Terminal.Say($"Entry {request.Sequence} was retired, so it is not in its proof: keep them together.");
        if (parse.GetValue(file) is not { } name)
        {
            Terminal.Out.Write(made.ToStringUtf8());
            return ExitCode.Ok;
        }

        var path = Cli.PathOf(name);
        var written = AuditExportCommand.NewFile(path).Then(writing =>
        {
            using (writing)
            {
                try
                {
                    writing.File.Write(made.Span);
                }
                catch (Exception e) when (FileTrouble.Is(e))
                {
                    return FileTrouble.From(e, $"write {path}");
                }

                return writing.Publish();
            }
        });
        return written.IsOk ? ExitCode.Ok : Terminal.Fail(written.Problems);
    }
}
