using System.CommandLine;
using System.Text.Json.Nodes;
using Holdfast.Core.Problems;
using Holdfast.Node.Backups;
using Holdfast.Platform;

namespace Holdfast.Cli.Commands;

/// <summary>Makes a home of a backup. Nothing of ours runs in it before and after: <c>agent start</c> brings the services.</summary>
internal sealed class RestoreCommand : CliCommand
{
    private readonly Argument<string> file = new("file") { Description = "A backup" };
    private readonly Option<bool> aside = new("--move-aside") { Description = "Rename a home that is there already; it is never deleted" };
    private readonly Option<bool> without = new("--without-refused") { Description = "Leave out packages that the backup's trust policy refuses by now, instead of refusing all" };
    private readonly Option<string?> expect = ExpectOption.Create();
    private readonly Option<string> format = FormatOption.Plain();

    public RestoreCommand(CliContext cli)
        : base(cli, "restore", "Verify a backup and make a home of it: whole, or not at all")
    {
        Arguments.Add(file);
        Options.Add(aside);
        Options.Add(without);
        Options.Add(expect);
        Options.Add(format);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        NewFiles.CloseToOthers();
        var order = new RestoreOrder
        {
            File = Cli.PathOf(parse.GetRequiredValue(file)),
            Home = Cli.Home,
            Actor = Environment.UserName,
            Expected = parse.GetValue(expect),
            MoveAside = parse.GetValue(aside),
            WithoutRefused = parse.GetValue(without),
        };
        var restored = await NodeRestore.RunAsync(order, (step, message) => Terminal.Say($"{step,-12}  {message}"), Cli.Time, cancel);
        if (!restored.TryGet(out var receipt)) return Terminal.Fail(restored.Problems);
        foreach (var warning in receipt.Warnings) Terminal.Say($"warning: {warning}");
        var shown = parse.Format(format);
        if (shown.IsDocument()) Terminal.Document(Document(order.Home, receipt), shown);
        else Show(order.Home, receipt);
        return ExitCode.Ok;
    }

    private void Show(Home home, RestoreReceipt receipt)
    {
        var manifest = receipt.Backup.Manifest;
        Terminal.Line($"home       {home.Path}");
        if (receipt.MovedAside is { } was) Terminal.Line($"before     {was}");
        Terminal.Line($"node       {manifest.Node}, as of {manifest.CreatedAt:yyyy-MM-dd HH:mm:ss'Z'}");
        Terminal.Line($"services   {(receipt.Services.Count > 0 ? string.Join(", ", receipt.Services) : "none")}");
        Terminal.Line($"store      revision {manifest.Store.Revision}, incarnation {receipt.Incarnation}");
        Terminal.Say("`holdfast agent start` brings them back. Services' own data folders were not in the backup.");
    }

    private static JsonObject Document(Home home, RestoreReceipt receipt) => new()
    {
        ["home"] = home.Path,
        ["movedAside"] = receipt.MovedAside,
        ["node"] = receipt.Backup.Manifest.Node,
        ["digest"] = receipt.Backup.Digest,
        ["createdAt"] = receipt.Backup.Manifest.CreatedAt.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture),
        ["services"] = new JsonArray([.. receipt.Services.Select(service => (JsonNode)service)]),
        ["storeRevision"] = receipt.Backup.Manifest.Store.Revision,
        ["storeIncarnation"] = receipt.Incarnation,
        ["warnings"] = new JsonArray([.. receipt.Warnings.Select(warning => (JsonNode)warning)]),
    };
}
