using Holdfast.Rpc.Client;
using Holdfast.Rpc.Tests.Calls;
using Holdfast.Rpc.Tests.Tls;
using Holdfast.Rpc.Tls;
using Holdfast.Testing.Certificates;

namespace Holdfast.Rpc.Tests.Interop;

/// <summary>The cases of the specification between us and every other implementation, in both directions. What failed is named: peer, role, case.</summary>
public sealed class PeerTests : IDisposable
{
    private readonly TestCa ca = new();

    public void Dispose() => ca.Dispose();

    [Theory, PeerData("Python"), PeerData("C++"), PeerData("Node")]
    public async Task Its_client_passes_every_case_with_our_server(string name, bool tls)
    {
        await using var rpc = await RpcPair.StartAsync(tls ? Server : null, tls ? Client : null, new InteropServer());
        using var files = new PeerFiles(tls ? Client : null);
        using var client = Peer.Named(name).Start(["client", rpc.Address.Authority, .. files.Arguments, .. InteropCases.Names]);
        var (lines, trouble) = await client.WordsAsync();

        Assert.True(lines.LastOrDefault() == "done", $"{name}'s client did not come to its end: {string.Join('\n', lines)}\n{trouble}");
        Judge(name, Role.Client, InteropCases.Names.Select(one => (one, Failure(one, lines))));
        Assert.Empty(rpc.Bugs);
    }

    [Theory, PeerData("Python"), PeerData("C++"), PeerData("Node")]
    public async Task Our_client_passes_every_case_with_its_server(string name, bool tls)
    {
        using var files = new PeerFiles(tls ? Server : null);
        using var server = Peer.Named(name).Start(["server", .. files.Arguments]);
        var port = await server.PortAsync();
        await using var tap = tls ? null : FrameTap.Start(port);
        var client = Client;
        RpcChannel Connect() => new(
            tls ? RpcTransport.Tls(new Uri($"https://127.0.0.1:{port}"), () => client) : RpcTransport.Tcp(new Uri($"http://127.0.0.1:{tap!.Port}")),
            TimeProvider.System);
        using var channel = Connect();

        var results = new List<(string Case, string? Failure)>();
        foreach (var one in InteropCases.Names)
        {
            // Inside of TLS nobody sees whether an answer came compressed.
            if (tls && PeerLimits.All.ContainsKey((name, Role.Server, one))) continue;
            var packed = tap?.PackedAnswers;
            var failed = await Record.ExceptionAsync(() => InteropCases.RunAsync(one, channel, Connect));
            var failure = failed?.Message;
            var unpacked = one.StartsWith("server_compressed", StringComparison.Ordinal) && tap is not null && tap.PackedAnswers != packed + 1;
            if (unpacked) failure ??= "it is not so that one of both answers came compressed";
            results.Add((one, failure));
        }

        Judge(name, Role.Server, results);
    }

    [Fact]
    public void What_a_peer_cannot_do_is_said_of_peers_and_cases_that_there_are() =>
        Assert.DoesNotContain(PeerLimits.All.Keys, limit => Peer.All.All(peer => peer.Name != limit.Peer) || !InteropCases.Names.Contains(limit.Case));

    private TlsIdentity Server => ca.Identity("node-1", TestCa.ForServers);

    private TlsIdentity Client => ca.Identity("alice", TestCa.ForClients);

    /// <summary>What a client said of a case; null: that it passed.</summary>
    private static string? Failure(string one, string[] lines)
    {
        if (lines.Contains("ok " + one)) return null;
        var mark = $"FAIL {one}: ";
        return lines.FirstOrDefault(line => line.StartsWith(mark, StringComparison.Ordinal))?[mark.Length..] ?? "not a word of it";
    }

    private static void Judge(string peer, Role role, IEnumerable<(string Case, string? Failure)> results)
    {
        var wrong = new List<string>();
        foreach (var (one, failure) in results)
        {
            var cannot = PeerLimits.All.GetValueOrDefault((peer, role, one));
            if (cannot is null && failure is not null) wrong.Add($"{peer}'s {role}, {one}: {failure}");
            if (cannot is not null && failure is null) wrong.Add($"{peer}'s {role}, {one}: passes, though PeerLimits says: {cannot}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}
