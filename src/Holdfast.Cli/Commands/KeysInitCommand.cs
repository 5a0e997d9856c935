using System.CommandLine;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Signing;
using Holdfast.Platform;

namespace Holdfast.Cli.Commands;

internal sealed class KeysInitCommand : CliCommand
{
    private readonly Option<string?> owner = new("--owner") { Description = "Goes into the certificates: a person's or team's name (default: your account)", HelpName = "NAME" };

    public KeysInitCommand(CliContext cli)
        : base(cli, "init", "Make a development CA, a signing certificate, and a trust policy for it; never overwrites") => Options.Add(owner);

    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var made = Folders().Then(_ => DevelopmentAuthority.Create(Cli.Home.Keys, Cli.Home.TrustPolicy, parse.GetValue(owner) ?? Environment.UserName, Cli.Time.GetUtcNow()));
        if (!made.TryGet(out var keys)) return Task.FromResult(Terminal.Fail(made.Problems));
        Terminal.Line($"root certificate     {keys.RootCertificate}");
        Terminal.Line($"root key             {keys.RootKey}");
        Terminal.Line($"signing certificate  {keys.SigningCertificate}");
        Terminal.Line($"signing key          {keys.SigningKey}");
        Terminal.Line($"trust policy         {keys.TrustPolicy ?? $"{Cli.Home.TrustPolicy} was there and is unchanged: name the root in it yourself"}");
        Terminal.Say("Good for trying things out. In production the trust policy names your own PKI's roots, and signing keys stay off the node.");
        return Task.FromResult(ExitCode.Ok);
    }

    /// <summary>What is in a folder of Windows has the folder's rights, and below ProgramData everybody reads.</summary>
    private Outcome<Done> Folders()
    {
        var home = Directory.Exists(Cli.Home.Path) ? Outcome.Done : FolderRights.Ensure(Cli.Home.Path, FolderRights.Public);
        return home.Then(_ => FolderRights.Ensure(Cli.Home.Keys, FolderRights.OwnerOnly)).Then(_ => FolderRights.Ensure(Cli.Home.Policy, FolderRights.OwnerAndGroup));
    }
}
