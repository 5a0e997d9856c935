using System.CommandLine;
using System.Net;
using System.Text.RegularExpressions;
using Holdfast.Core.Problems;

namespace Holdfast.Cli.Commands;

/// <summary><c>--listen</c>: where an agent answers across the network.</summary>
internal static partial class ListenOption
{
    public static Option<string?> Create() => new("--listen")
    {
        Description = "Answer across the network too, in mutual TLS: ADDRESS:PORT, for instance 0.0.0.0:7420 (default: on the local socket only); needs `holdfast certs init`",
        HelpName = "ADDRESS:PORT",
    };

    /// <summary>What a unit or service has is kept until it is said otherwise.</summary>
    public static Option<string?> CreateKept()
    {
        var option = Create();
        option.Description = "Answer across the network too, in mutual TLS: ADDRESS:PORT, or off (default: as it is installed now, at first off); needs `holdfast certs init`";
        option.HelpName = "ADDRESS:PORT|off";
        return option;
    }

    /// <summary>What an installed agent is to be started with.</summary>
    /// <param name="installed">Its present unit or command line; null: there is none.</param>
    public static string? Kept(string? given, string? installed) => given switch
    {
        "off" => null,
        null => installed is not null && Installed().Match(installed) is { Success: true } match ? match.Groups[1].Value : null,
        _ => given,
    };

    /// <summary>Null: not given.</summary>
    public static IPEndPoint? Parse(string? given) => given is not null && IPEndPoint.TryParse(given, out var address) ? address : null;

    /// <summary>Null: nothing is wrong with it.</summary>
    public static Problem? Problem(string? given) =>
        given is null || (Parse(given) is { } address && given.EndsWith($":{address.Port}", StringComparison.Ordinal))
            ? null
            : new(ProblemKind.BadInput, "agent.listen-address", $"'{given}' is no address of this machine with a port.") { Mend = "for instance 0.0.0.0:7420, or 10.1.2.3:7420" };

    [GeneratedRegex(""" --listen "?([^\s"]+)""")]
    private static partial Regex Installed();
}
