using Holdfast.Platform;
using Holdfast.Rpc;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.V1;
using NodesClient = Holdfast.Rpc.V1.Nodes.NodesClient;
using ServicesClient = Holdfast.Rpc.V1.Services.ServicesClient;

namespace Holdfast.Integration.Tests.Nodes;

/// <remarks>
/// What a test asks again and again until it is so, it asks from here, over the node's socket. A command each time would start so many processes that they take the
/// cores from the node that is waited for. What commands show is tested by commands.
/// </remarks>
public sealed partial class TestNode
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>What runs on the node, as its agent says; null: nobody answers.</summary>
    public Task<ListInstancesResponse?> LookAsync() =>
        AskAsync((channel, options) => new ServicesClient(channel).ListInstancesAsync(new(), options));

    /// <summary>Who leads a service, as the node's agent knows it; null: nobody answers, or it knows of none.</summary>
    public async Task<Leadership?> LookWhoLeadsAsync(string service) =>
        (await AskAsync((channel, options) => new NodesClient(channel).GetLeadershipAsync(new() { Service = service }, options)))?.Services.SingleOrDefault();

    public Task<InstanceRow> SeeAsync(string what, string service, Func<InstanceRow, bool> satisfied) => Eventually.SeeAsync(
        $"{service} {what}",
        async () => (await LookAsync())?.Instances.SingleOrDefault(instance => instance.Service == service) is { } seen ? InstanceRow.From(seen) : null,
        row => row is not null && satisfied(row))!;

    private async Task<TAnswer?> AskAsync<TAnswer>(Func<RpcChannel, CallOptions, Task<TAnswer>> call)
        where TAnswer : class
    {
        using var channel = new RpcChannel(RpcTransport.UnixSocket(new Home(Home).ApiSocket), TimeProvider.System);
        try
        {
            return await call(channel, new(Patience, default));
        }
        catch (RpcException)
        {
            return null;
        }
    }
}
