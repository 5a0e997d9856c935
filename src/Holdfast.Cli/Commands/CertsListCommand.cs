using System.CommandLine;
using System.Text.Json.Nodes;
using Holdfast.Cli.Output;
using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;

namespace Holdfast.Cli.Commands;

internal sealed class CertsListCommand : CliCommand
{
    private readonly Option<bool> all = new("--all", "-a") { Description = "Those too that ended or were revoked" };
    private readonly Option<string> format = FormatOption.Plain();

    public CertsListCommand(CliContext cli)
        : base(cli, "list", "Show which certificates were given out, oldest first")
    {
        Options.Add(all);
        Options.Add(format);
    }

    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var read = new CertificateAuthority(Cli.Home, Cli.Time).Register();
        if (!read.TryGet(out var register)) return Task.FromResult(Terminal.Fail(read.Problems));
        var now = Cli.Time.GetUtcNow();
        var shown = parse.Format(format);
        var listed = register.Issued.Where(one => parse.GetValue(all) || (one.RevokedAt is null && one.Until >= now)).ToArray();
        if (shown.IsDocument())
        {
            Terminal.Document(new JsonArray([.. listed.Select(one => Document(one, now))]), shown);
            return Task.FromResult(ExitCode.Ok);
        }

        var table = new Table("WHO", "STATE", "UNTIL", "SERIAL", "ADDRESSES");
        foreach (var one in listed) table.Add(one.Peer.ToString(), State(one, now), $"{one.Until.UtcDateTime:yyyy-MM-dd HH:mm}Z", one.Serial, string.Join(' ', one.Addresses));
        Terminal.Out.Write(table.ToString());
        return Task.FromResult(ExitCode.Ok);
    }

    private static string State(IssuedCertificate one, DateTimeOffset now) => one.Reason is { Length: > 0 } reason ? $"{one.StateAt(now)} ({reason})" : one.StateAt(now);

    private static JsonObject Document(IssuedCertificate one, DateTimeOffset now) => new JsonObject
    {
        ["role"] = one.Peer.Role.Word(),
        ["name"] = one.Peer.Name,
        ["state"] = one.StateAt(now),
        ["serial"] = one.Serial,
        ["from"] = $"{one.From.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}",
        ["until"] = $"{one.Until.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}",
        ["addresses"] = new JsonArray([.. one.Addresses.Select(address => (JsonNode)address)]),
        ["revokedAt"] = one.RevokedAt is { } at ? $"{at.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}" : null,
        ["reason"] = one.Reason,
    };
}
