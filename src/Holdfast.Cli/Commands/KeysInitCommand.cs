using System.CommandLine;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Signing;

namespace Holdfast.Cli.Commands;

internal sealed class KeysInitCommand : CliCommand
{
    private readonly Option<string?> owner = new("--owner") { Description = "Goes into the certificates: a person's or team's name (default: your account)", HelpName = "NAME" };

    public KeysInitCommand(CliContext cli)
        : base(cli, "init", "Make a development CA, a signing certificate, and a trust policy for it; never overwrites") => Options.Add(owner);

    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var made = DevelopmentAuthority.Create(Cli.Home.Keys, Cli.Home.TrustPolicy, parse.GetValue(owner) ?? Environment.UserName, Cli.Time.GetUtcNow());
        if (!made.TryGet(out var keys)) return Task.FromResult(Terminal.Fail(made.Problems));
        Terminal.Line($"root certificate     {keys.RootCertificate}");
        Terminal.Line($"root key             {keys.RootKey}");
        Terminal.Line($"signing certificate  {keys.SigningCertificate}");
        Terminal.Line($"signing key          {keys.SigningKey}");
        Terminal.Line($"trust policy         {keys.TrustPolicy ?? $"{Cli.Home.TrustPolicy} was there and is unchanged: name the root in it yourself"}");
        Terminal.Say("Good for trying things out. In production the trust policy names your own PKI's roots, and signing keys stay off the node.");
        return Task.FromResult(ExitCode.Ok);
    }
}
