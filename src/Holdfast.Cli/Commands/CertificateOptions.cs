using System.CommandLine;
using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;
using Holdfast.Platform;

namespace Holdfast.Cli.Commands;

/// <summary>What the commands of <c>certs</c> have in common.</summary>
internal static class CertificateOptions
{
    public static Argument<string> Role() => new Argument<string>("role") { Description = $"What its holder may do: {string.Join(", ", PeerRoles.Words)}" }.AcceptOnlyFromAmong(PeerRoles.Words);

    public static Argument<string> Name() => new("name") { Description = "Whose: lower-case letters, digits, and . _ -" };

    public static Option<string[]> Address() => new("--address") { Description = "Of a node: a DNS name or IP address that it is called by; may be given more than once", HelpName = "NAME-OR-IP" };

    public static Option<string?> Request() => new("--request") { Description = "Certify the key of this request (PKCS#10, PEM) instead of making one: it never leaves its machine", HelpName = "FILE" };

    public static Option<string?> Out() => new("--out") { Description = "The file to write (default: NAME.pem)", HelpName = "FILE" };

    public static async Task<string?> ReadRequestAsync(CliContext cli, string? file, CancellationToken cancel) => file is null ? null : await File.ReadAllTextAsync(cli.PathOf(file), cancel);

    /// <summary>A file that is there already is somebody's only key, perhaps.</summary>
    public static Outcome<Done> IsFree(string path) => File.Exists(path) || Directory.Exists(path)
        ? new Problem(ProblemKind.Conflict, "certs.file-exists", $"{path} is there already.") { Mend = "name another file with --out" }
        : Outcome.Done;

    /// <summary>Only its owner reads it: the key is in it.</summary>
    public static Outcome<Done> Write(string path, string text) => DurableFile.Write(path, System.Text.Encoding.UTF8.GetBytes(text));

    public static void Say(CliContext cli, string path, NewCertificate made)
    {
        cli.Terminal.Line($"{made.Entry.Peer}  serial {made.Entry.Serial}, until {made.Entry.Until.UtcDateTime:u}: {path}");
        if (made.Key is null) cli.Terminal.Say($"The key is where the request was made: lay it beside the certificate, as {Path.ChangeExtension(Path.GetFileName(path), IdentityFile.KeyExtension)}.");
        else cli.Terminal.Say("The key is in it: hand it over on a way that nobody else reads, or have a request made (`holdfast certs request`) and certify that.");
    }

    public static Dictionary<string, string> Details(IssuedCertificate one) => new() { ["serial"] = one.Serial, ["until"] = $"{one.Until.UtcDateTime:u}" };
}
