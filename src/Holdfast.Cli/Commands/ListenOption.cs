using System.CommandLine;
using System.Net;
using Holdfast.Core.Problems;

namespace Holdfast.Cli.Commands;

/// <summary><c>--listen</c>: where an agent answers across the network.</summary>
internal static class ListenOption
{
    public static Option<string?> Create() => new("--listen")
    {
        Description = "Answer across the network too, in mutual TLS: ADDRESS:PORT, for instance 0.0.0.0:7420 (default: on the local socket only); needs `holdfast certs init`",
        HelpName = "ADDRESS:PORT",
    };

    /// <summary>Null: not given.</summary>
    public static IPEndPoint? Parse(string? given) => given is not null && IPEndPoint.TryParse(given, out var address) ? address : null;

    /// <summary>Null: nothing is wrong with it.</summary>
    public static Problem? Problem(string? given) =>
        given is null || (Parse(given) is { } address && given.EndsWith($":{address.Port}", StringComparison.Ordinal))
            ? null
            : new(ProblemKind.BadInput, "agent.listen-address", $"'{given}' is no address of this machine with a port.") { Mend = "for instance 0.0.0.0:7420, or 10.1.2.3:7420" };
}
