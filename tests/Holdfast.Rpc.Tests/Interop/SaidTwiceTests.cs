using Holdfast.Rpc.Client;

namespace Holdfast.Rpc.Tests.Interop;

public sealed class SaidTwiceTests
{
    /// <summary>
    /// A server on the C core (1.51) ends a call at its deadline, and once more when its handler returns. The second end is a breach of HTTP/2 that costs the whole
    /// connection, if the transport still holds the first call's stream.
    /// </summary>
    [CppFact]
    public async Task A_deadline_that_a_server_says_twice_ends_no_other_call()
    {
        using var server = Peer.Cpp.Start("server");
        var address = new Uri($"http://127.0.0.1:{await server.PortAsync()}");
        RpcChannel Connect() => new(RpcTransport.Tcp(address), TimeProvider.System);
        using var channel = Connect();
        for (var round = 0; round < 40; round++)
        {
            await InteropCases.RunAsync("timeout_on_sleeping_server", channel, Connect);
            await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => InteropCases.RunAsync("large_unary", channel, Connect)));
        }
    }
}
