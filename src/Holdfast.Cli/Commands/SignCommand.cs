using System.CommandLine;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Signing;

namespace Holdfast.Cli.Commands;

internal sealed class SignCommand : CliCommand
{
    private readonly Argument<string> file = new("file") { Description = "The package (.hfpkg)" };
    private readonly Option<string?> cert = new("--cert") { Description = "The signing certificate and its intermediates (PEM)", HelpName = "FILE" };
    private readonly Option<string?> key = new("--key") { Description = "Its private key (PEM)", HelpName = "FILE" };
    private readonly Option<string?> pfx = new("--pfx") { Description = "Certificate and key in one file (PKCS#12)", HelpName = "FILE" };
    private readonly Option<string?> passwordFile = new("--password-file") { Description = "A file whose first line is the key's password", HelpName = "FILE" };

    public SignCommand(CliContext cli)
        : base(cli, "sign", "Sign a package; without keys, with the development key of `holdfast keys init`")
    {
        Arguments.Add(file);
        foreach (var option in new[] { cert, key, pfx, passwordFile }) Options.Add(option);
        Validators.Add(result =>
        {
            var pem = result.GetValue(cert) is not null || result.GetValue(key) is not null;
            if (pem && (result.GetValue(cert) is null || result.GetValue(key) is null)) result.AddError("--cert and --key belong together");
            if (pem && result.GetValue(pfx) is not null) result.AddError("Either --cert and --key, or --pfx");
        });
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        // In a file, because a command line is seen by everybody on the host.
        var password = parse.GetValue(passwordFile) is { } from ? (await File.ReadAllLinesAsync(Cli.PathOf(from), cancel)).FirstOrDefault() : null;
        var loaded = Identity(parse, password);
        if (!loaded.TryGet(out var identity)) return Terminal.Fail(loaded.Problems);
        using (identity)
        {
            var name = parse.GetRequiredValue(file);
            var signed = PackageSigner.Sign(Cli.PathOf(name), identity, Cli.Time.GetUtcNow());
            if (!signed.TryGet(out var package)) return Terminal.Fail(signed.Problems);
            Terminal.Line(package.AlreadySigned
                ? $"{name} was signed by {package.Signer} before; nothing was changed."
                : $"{name} is signed by {package.Signer}: {package.Signatures} {(package.Signatures == 1 ? "signature" : "signatures")}.");
            return ExitCode.Ok;
        }
    }

    private Outcome<SigningIdentity> Identity(ParseResult parse, string? password)
    {
        if (parse.GetValue(pfx) is { } one) return SigningIdentity.FromPfx(Cli.PathOf(one), password);
        if (parse.GetValue(cert) is { } certificate) return SigningIdentity.FromPem(Cli.PathOf(certificate), Cli.PathOf(parse.GetValue(key)!), password);
        var own = Path.Combine(Cli.Home.Keys, DevelopmentAuthority.SigningCertificateFile);
        return File.Exists(own)
            ? SigningIdentity.FromPem(own, Path.Combine(Cli.Home.Keys, DevelopmentAuthority.SigningKeyFile), password)
            : new Problem(ProblemKind.NotFound, "sign.no-key", $"There is no development key in {Cli.Home.Keys}") { Mend = "make one with `holdfast keys init`, or name your own with --cert and --key, or --pfx" };
    }
}
