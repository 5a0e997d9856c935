using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;

namespace Holdfast.Cli.Api;

/// <summary>Which node a command speaks to: this machine's, or one that <c>--server</c> names.</summary>
internal static class RemoteNode
{
    public const string ServerVariable = "HOLDFAST_SERVER", IdentityVariable = "HOLDFAST_IDENTITY";

    private const int UsualPort = 7420;

    /// <summary>Prepares the context for a command that speaks to an agent; all that is wrong with what was given at once.</summary>
    public static Outcome<Done> Choose(CliContext cli, string? server, string? identity)
    {
        var named = server ?? Environment.GetEnvironmentVariable(ServerVariable);
        var file = identity ?? Environment.GetEnvironmentVariable(IdentityVariable);
        if (string.IsNullOrEmpty(named))
            return identity is null ? Outcome.Done : new Problem(ProblemKind.BadInput, "server.none", "--identity is for a node elsewhere, and none is named.") { Mend = "name it: --server HOST:PORT" };
        List<Problem> problems = [];
        var address = Address(named);
        if (address is null) problems.Add(new(ProblemKind.BadInput, "server.address", $"'{named}' is no address of a node.") { Mend = $"HOST or HOST:PORT, for instance node-1.bank.example:{UsualPort}" });
        var shown = string.IsNullOrEmpty(file) ? NoIdentity(named) : IdentityFile.Read(cli.PathOf(file), cli.Time.GetUtcNow());
        problems.AddRange(shown.Problems);
        if (problems.Count > 0) return problems;
        cli.GivenServer = address!;
        cli.Identity = shown.Value;
        return Outcome.Done;
    }

    /// <summary>For a command that works with this machine's own files.</summary>
    public static Problem NotHere(string command) => new(ProblemKind.BadInput, "server.local-command", $"`holdfast {command}` works on the machine itself, and not across the network.")
    {
        Mend = "leave --server and --identity out, and run it on that machine",
    };

    private static string? Address(string named)
    {
        var text = named.Contains("://", StringComparison.Ordinal) ? "" : named;
        return Uri.TryCreate($"https://{text}", UriKind.Absolute, out var uri) && uri.PathAndQuery == "/" && uri.UserInfo.Length == 0 && uri.Host.Length > 0
            ? $"{uri.Host}:{(uri.IsDefaultPort ? UsualPort : uri.Port)}"
            : null;
    }

    private static Outcome<IdentityFile> NoIdentity(string named) => new Problem(ProblemKind.BadInput, "server.no-identity", $"What to show to {named} is not given.")
    {
        Why = "a node answers nobody across the network who shows no certificate",
        Mend = $"name the file that `holdfast certs issue` wrote, with --identity or {IdentityVariable}",
    };
}
