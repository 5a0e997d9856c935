using System.CommandLine;
using System.Text.Json.Nodes;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Reading;
using Holdfast.Packaging.Trust;

namespace Holdfast.Cli.Commands;

internal sealed class VerifyCommand : CliCommand
{
    private readonly Argument<string> file = new("file") { Description = "The package (.hfpkg)" };
    private readonly Option<string?> policy = new("--policy") { Description = "The trust policy (default: the home's policy/trust.yaml)", HelpName = "FILE" };
    private readonly Option<string> format = FormatOption.Plain();

    public VerifyCommand(CliContext cli)
        : base(cli, "verify", "Say whether a package may run here: every digest, and signatures that the trust policy accepts")
    {
        Arguments.Add(file);
        Options.Add(policy);
        Options.Add(format);
    }

    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var trust = TrustPolicy.Load(parse.GetValue(policy) is { } given ? Cli.PathOf(given) : Cli.Home.TrustPolicy);
        var verified = trust.Then(t => PackageVerifier.Verify(Cli.PathOf(parse.GetRequiredValue(file)), t, Cli.Time.GetUtcNow(), cancel));
        if (!verified.TryGet(out var package)) return Task.FromResult(Terminal.Fail(verified.Problems));
        var shown = parse.Format(format);
        if (shown.IsDocument())
        {
            Terminal.Document(Document(package), shown);
        }
        else
        {
            Terminal.Line($"{package.Name} {package.Version} may run here: {package.Digest}");
            foreach (var signer in package.Signers) Terminal.Line($"signed by {signer.Subject}");
            foreach (var other in package.NotCounted) Terminal.Line($"not counted: {other}");
        }

        return Task.FromResult(ExitCode.Ok);
    }

    private static JsonObject Document(VerifiedPackage package) => new JsonObject
    {
        ["digest"] = package.Digest,
        ["name"] = package.Name,
        ["version"] = package.Version,
        ["signers"] = new JsonArray([.. package.Signers.Select(signer => (JsonNode)signer.Subject)]),
        ["notCounted"] = new JsonArray([.. package.NotCounted.Select(why => (JsonNode)why)]),
    };
}
