using System.CommandLine;
using System.Net;
using Holdfast.Cli.Api;
using Holdfast.Core.Clusters;
using Holdfast.Core.Leadership;
using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;
using Holdfast.Node.Clusters;
using Holdfast.Node.Hosting;
using Holdfast.Platform;
using Holdfast.Rpc.V1;
using Problem = Holdfast.Core.Problems.Problem;

namespace Holdfast.Cli.Commands;

/// <summary>On the new machine, while no agent runs in the home.</summary>
internal sealed class ClusterJoinCommand : CliCommand
{
    /// <summary>A record is written under the same lock.</summary>
    private static readonly TimeSpan LockWithin = TimeSpan.FromSeconds(1);

    private readonly Argument<string?> server = new("server") { Description = "HOST:PORT of the node that gave out the token (default: as the token says)", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string> token = new("--token") { Description = "What `holdfast cluster token` printed there; - reads it from standard input, where no list of processes shows it", HelpName = "TOKEN", Required = true };
    private readonly Option<string?> node = new("--node") { Description = "This node's name (default: the token's)", HelpName = "NAME" };
    private readonly Option<string[]> address = CertificateOptions.Address();
    private readonly Option<string?> watchdog = ClusterOptions.Watchdog();

    public ClusterJoinCommand(CliContext cli)
        : base(cli, "join", "Make this machine a node of a cluster: its key is made here and stays here")
    {
        Arguments.Add(server);
        foreach (var option in new Option[] { token, node, address, watchdog }) Options.Add(option);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var membership = new NodeMembership(Cli.Home, Cli.Time);
        var read = JoinToken.Parse(parse.GetRequiredValue(token) is var given && given == "-" ? await Console.In.ReadLineAsync(cancel) ?? "" : given);
        var free = membership.IsFree();
        if (!read.IsOk || !free.IsOk) return Terminal.Fail([.. read.Problems, .. free.Problems]);
        var named = PeerName.Of(PeerRole.Node.Word(), parse.GetValue(node) ?? read.Value.Node);
        if (!named.IsOk) return Terminal.Fail(named.Problems);
        // Before the token is used; whether it fits the cluster's lease is seen when that is known.
        var device = parse.GetValue(watchdog);
        if (device is not null && ClusterOrder.WatchdogProblem(device, LeaseTerms.Longest) is { } unfit) return Terminal.Fail(unfit);
        if (IsAgentRunning() is { } running) return Terminal.Fail(running);

        var at = parse.GetValue(server) ?? read.Value.Address;
        string[] usual = [Dns.GetHostName().ToLowerInvariant(), "localhost", "127.0.0.1", "::1"];
        string[] addresses = [.. usual.Concat(parse.GetValue(address) ?? []).Where(one => one.Length > 0).Distinct(StringComparer.Ordinal)];
        var joined = await new RecordedAct(Cli).RunAsync(
            "cluster.join", named.Value.ToString(), new Dictionary<string, string> { ["server"] = at, ["addresses"] = string.Join(' ', addresses) },
            () => JoinAsync(membership, read.Value, at, named.Value, addresses, device, cancel), cancel);
        if (!joined.IsOk) return Terminal.Fail(joined.Problems);
        Terminal.Line($"{named.Value}  joined by {at}, called by {string.Join(", ", addresses)}");
        Terminal.Say("Start its agent: holdfast agent start --listen 0.0.0.0:7420 (or agent install).");
        return ExitCode.Ok;
    }

    /// <summary>No agent may start in between: it would take itself for another node.</summary>
    private async Task<Outcome<Done>> JoinAsync(NodeMembership membership, JoinToken token, string at, PeerName name, IReadOnlyList<string> addresses, string? device, CancellationToken cancel)
    {
        var locked = await FileLock.TakeAsync(Cli.Home.AgentLock, LockWithin, Cli.Time, cancel);
        if (!locked.TryGet(out var held)) return Outcome.Failed<Done>([.. locked.Problems.Select(Running)]);
        using (held)
        {
            var key = KeyRequest.Make(name);
            var asked = await JoinCall.AskAsync(at, token, name.Name, addresses, key.Request, Agent.Version, Cli.Time, cancel);
            // The token is used by now: what has come is written down, whoever has lost patience.
            return asked.TryGet(out var grant)
                ? await membership.WriteAsync(name, key.Key, grant.Certificate, grant.Roots, WithWatchdog(grant.Cluster.Memory, device), CancellationToken.None)
                : Outcome.Failed<Done>(asked.Problems);
        }
    }

    /// <summary>Whether it fits the cluster's lease is not asked any more: the token is used. The node leads nothing then, and says why.</summary>
    private ReadOnlyMemory<byte> WithWatchdog(ReadOnlyMemory<byte> cluster, string? device)
    {
        if (device is null) return cluster;
        if (!ClusterFile.Parse(cluster.Span, "what the cluster gave").TryGet(out var file) || file is null)
        {
            Terminal.Say("warning: what the cluster gave names no store, and the watchdog was not written down");
            return cluster;
        }

        if (ClusterOrder.WatchdogProblem(device, TimeSpan.FromSeconds(file.LeaseSeconds)) is { } unfit) Terminal.Say($"warning: {unfit}");
        return (file with { Watchdog = device }).ToBytes();
    }

    private Problem? IsAgentRunning()
    {
        if (!File.Exists(Cli.Home.AgentLock)) return null;
        var locked = FileLock.TryTake(Cli.Home.AgentLock, Cli.Time);
        if (!locked.TryGet(out var held)) return Running(locked.Problems[0]);
        held.Dispose();
        return null;
    }

    private Problem Running(Problem held) => held.Kind != ProblemKind.Conflict ? held : new(ProblemKind.Conflict, "cluster.agent-runs", $"An agent runs in {Cli.Home.Path}, and a node joins while it has none.")
    {
        Why = held.What,
        Mend = "stop it first (its services run on), or name the home of the new node with --home",
    };
}
