using Holdfast.Rpc.Tests.Calls;

namespace Holdfast.Rpc.Tests.Interop;

/// <summary>Our client against our server, in the cases of the specification.</summary>
public sealed class OwnInteropTests : IAsyncLifetime
{
    private RpcPair rpc = null!;

    public static TheoryData<string> Cases => [.. InteropCases.Names];

    public async Task InitializeAsync() => rpc = await RpcPair.StartAsync(new InteropServer());

    public async Task DisposeAsync() => await rpc.DisposeAsync();

    [Theory, MemberData(nameof(Cases))]
    public async Task Our_client_and_our_server_agree(string name)
    {
        await InteropCases.RunAsync(name, rpc.Channel, rpc.Connect);
        Assert.Empty(rpc.Bugs);
    }
}
