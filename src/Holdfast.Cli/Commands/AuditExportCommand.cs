using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using Holdfast.Cli.Api;
using Holdfast.Cli.Documents;
using Holdfast.Core.Auditing.Tree;
using Holdfast.Core.Problems;
using Holdfast.Node.Clusters;
using Holdfast.Packaging.Content;
using Holdfast.Platform;
using Holdfast.Rpc;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.V1;
using Holdfast.Telemetry.Auditing;
using Option = System.CommandLine.Option;
using Problem = Holdfast.Core.Problems.Problem;

namespace Holdfast.Cli.Commands;

/// <summary>Fetches entries with what proves them into a file, or as documents that other systems read.</summary>
internal sealed class AuditExportCommand : CliCommand
{
    private const string Bundle = "bundle";

    private readonly Option<string> file = new("--out") { Description = "The export's file; it must not be there yet", HelpName = "FILE", Required = true };
    private readonly Option<long?> from = new("--from") { Description = "The first entry (default: the first that is kept)", HelpName = "N" };
    private readonly Option<long?> to = new("--to") { Description = "The last entry (default: the last there is)", HelpName = "N" };
    private readonly Option<DateTimeOffset?> since;
    private readonly Option<string> format = new Option<string>("--format")
    {
        Description = "bundle: entries and proofs, for `holdfast audit verify`; ecs: lines of JSON by the Elastic Common Schema; csv: a table",
        HelpName = "bundle|ecs|csv",
        DefaultValueFactory = _ => Bundle,
    }.AcceptOnlyFromAmong(Bundle, AuditConversion.Ecs, AuditConversion.Csv);

    public AuditExportCommand(CliContext cli)
        : base(cli, "export", "Write entries of the audit log into a file, with all that proves them")
    {
        since = SinceOption.Create("--since", "Only from then on: 10m, 2h, 02:00, or a date and time, as 2026-12-01T02:00+01:00", cli.Time);
        foreach (var option in new Option[] { file, from, to, since, format }) Options.Add(option);
        Validators.Add(result =>
        {
            if (result.GetResult(from) is { Implicit: false } && result.GetResult(since) is { Implicit: false }) result.AddError("--from and --since say the same twice: give one of them");
            if (result.GetValue(from) < 1 || result.GetValue(to) < 1) result.AddError("entries are numbered from 1");
        });
    }

    protected override bool IsAgentsWork => true;

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        NewFiles.CloseToOthers();
        var path = Cli.PathOf(parse.GetRequiredValue(file));
        var created = NewFile(path);
        if (!created.TryGet(out var writing)) return Terminal.Fail(created.Problems);
        using (writing)
        {
            var request = new ExportAuditRequest { From = parse.GetValue(from) ?? 0, To = parse.GetValue(to) ?? 0 };
            if (parse.GetValue(since) is { } moment) request.Since = Timestamp.FromDateTimeOffset(moment);
            using var api = ApiSession.Open(Cli);
            var wanted = parse.GetValue(format);
            return wanted == Bundle ? await BundleAsync(api, request, writing, path, cancel) : await ConvertedAsync(api, request, writing, path, wanted!, cancel);
        }
    }

    /// <summary>Problems: <c>audit.file-exists</c>, <c>files.*</c>.</summary>
    internal static Outcome<UnfinishedFile> NewFile(string path) => Path.Exists(path)
        ? new Problem(ProblemKind.Conflict, "audit.file-exists", $"{path} exists already.") { Mend = "choose another name; nothing was changed" }
        : UnfinishedFile.Create(path);

    private async Task<int> BundleAsync(ApiSession api, ExportAuditRequest request, UnfinishedFile writing, string path, CancellationToken cancel)
    {
        var node = await api.Node.GetNodeAsync(new GetNodeRequest(), new(cancel));
        if (node.AuditPublicKey.Length == 0) return Terminal.Fail(AuditKeyCommand.NoKey(node.Name));
        var fetched = await FetchAsync(api, request, path, async chunk => await writing.File.WriteAsync(chunk, cancel), cancel);
        if (!fetched.IsOk) return Terminal.Fail(fetched.Problems);
        await writing.File.FlushAsync(cancel);
        // What was received is held against the node's own word for its key; an auditor holds it against a key that was kept.
        var expected = new AuditExportExpectation { AnyRange = true, Tolerance = TimeSpan.FromDays(36500) };
        var checkedNow = NoteKey.FromPem(node.AuditPublicKey).Then(key => AuditExportVerifier.Verify(writing.File.Name, key, expected, cancel));
        if (!checkedNow.TryGet(out var verdict)) return Terminal.Fail(checkedNow.Problems);
        var published = writing.Publish();
        if (!published.IsOk) return Terminal.Fail(published.Problems);
        Terminal.Line($"{path}: {AuditExportText.Range(verdict)}");
        return verdict.Whole ? ExitCode.Ok : Terminal.Fail(AuditExportText.Problems(verdict.Findings));
    }

    private async Task<int> ConvertedAsync(ApiSession api, ExportAuditRequest request, UnfinishedFile writing, string path, string wanted, CancellationToken cancel)
    {
        var conversion = new AuditConversion(writing.File, wanted);
        var fetched = await FetchAsync(api, request, path, chunk =>
        {
            conversion.Add(chunk.Span);
            return Task.CompletedTask;
        }, cancel);
        if (!fetched.IsOk) return Terminal.Fail(fetched.Problems);
        var published = writing.Publish();
        if (!published.IsOk) return Terminal.Fail(published.Problems);
        Terminal.Line($"{path}: {conversion.Entries} {(conversion.Entries == 1 ? "entry" : "entries")}; without proofs, which are in --format bundle");
        return conversion.Bad.Count == 0 ? ExitCode.Ok : Terminal.Fail([.. conversion.Bad]);
    }

    private static async Task<Outcome<Done>> FetchAsync(ApiSession api, ExportAuditRequest request, string path, Func<ReadOnlyMemory<byte>, Task> take, CancellationToken cancel)
    {
        using var call = api.Node.ExportAudit(request, new CallOptions(cancel));
        try
        {
            await foreach (var part in call.ReadAllAsync(cancel)) await take(part.Chunk.Memory);
            return Outcome.Done;
        }
        catch (Exception e) when (FileTrouble.Is(e))
        {
            return FileTrouble.From(e, $"write {path}");
        }
    }
}
