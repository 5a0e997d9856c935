using System.Diagnostics;
using System.Globalization;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.Tests.Calls;

namespace Holdfast.Rpc.Tests.Interop;

/// <summary>The cases of the specification with gRPC's C core on the other side, through its Python library.</summary>
public sealed class PythonInteropTests : IDisposable
{
    private readonly string contract = Path.GetTempFileName();

    public PythonInteropTests() => File.WriteAllBytes(contract, Grpc.Testing.InteropReflection.Descriptor.SerializedData.ToByteArray());

    public void Dispose() => File.Delete(contract);

    [PeerFact]
    public async Task Its_client_passes_every_case_with_our_server()
    {
        await using var rpc = await RpcPair.StartAsync(new InteropServer());
        using var peer = Start(["client", new Uri(rpc.Host.Addresses.Single()).Authority, .. InteropCases.All.Keys]);
        var said = await peer.StandardOutput.ReadToEndAsync().WaitAsync(RpcFixture.Patience * 2);
        var trouble = await peer.StandardError.ReadToEndAsync().WaitAsync(RpcFixture.Patience);

        Assert.True(said == string.Concat(InteropCases.All.Keys.Select(name => $"ok {name}\n")) + "done\n", said + trouble);
        Assert.Empty(rpc.Bugs);
    }

    [PeerFact]
    public async Task Our_client_passes_every_case_with_its_server()
    {
        using var peer = Start("server");
        try
        {
            var port = int.Parse((await peer.StandardOutput.ReadLineAsync().WaitAsync(RpcFixture.Patience))!, CultureInfo.InvariantCulture);
            using var channel = new RpcChannel(RpcTransport.Tcp(new Uri($"http://127.0.0.1:{port}")), TimeProvider.System);
            // Its server does not see whether a single message came compressed.
            foreach (var (name, run) in InteropCases.All.Where(one => !one.Key.StartsWith("client_compressed", StringComparison.Ordinal)))
            {
                var failed = await Record.ExceptionAsync(() => run(channel).WaitAsync(RpcFixture.Patience));
                Assert.True(failed is null, $"{name}: {failed}");
            }
        }
        finally
        {
            peer.StandardInput.Close();
            if (!peer.WaitForExit(RpcFixture.Patience)) peer.Kill();
        }
    }

    private Process Start(params IEnumerable<string> arguments) => Peer.Start("interop.py", [contract, .. arguments]);
}
