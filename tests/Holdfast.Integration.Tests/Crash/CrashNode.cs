using Holdfast.Integration.Tests.Nodes;
using Holdfast.Platform;
using Holdfast.Rpc.V1;

namespace Holdfast.Integration.Tests.Crash;

/// <summary>
/// A node whose processes may be ended at any step. Two services run on it: orders, which operations change, and ledger, which nobody
/// touches and which therefore must stay as it is.
/// </summary>
internal sealed class CrashNode : IAsyncDisposable
{
    public const string Old = "1.0.0";
    public const string New = "2.0.0";

    private const int PaceMilliseconds = 10;

    private string? otherBuild;

    private CrashNode(TestNode node, Injection injection)
    {
        (Node, Injection, Home) = (node, injection, new Home(node.Home));
        Orders = new(Path.Combine(Home.Output, "orders-0"), Path.Combine(Home.Instances, "orders-0"));
        Ledger = new(Path.Combine(Home.Output, "ledger-0"), Path.Combine(Home.Instances, "ledger-0"));
    }

    public TestNode Node { get; }

    public Home Home { get; }

    public Injection Injection { get; }

    public LineAccount Orders { get; }

    public LineAccount Ledger { get; }

    /// <param name="recorded">Every change of its disk from the first one on is recorded.</param>
    public static async Task<CrashNode> StartAsync(bool recorded = false)
    {
        var node = TestNode.Create();
        var crash = new CrashNode(node, await Injection.IntoAsync(node));
        if (recorded)
            crash.Injection.RecordDisk(Role.Agent | Role.Supervisor | Role.Guard | Role.Cli);
        (await node.HoldfastAsync("keys", "init")).Ok();
        await crash.StartAgentAsync();
        foreach (var (service, version) in ((string, string)[])[("ledger", Old), ("orders", Old), ("orders", New)])
            await crash.PackAsync(service, version);
        (await crash.DeployAsync("ledger", Old)).Ok();
        return crash;
    }

    public Task<CommandResult> DeployAsync(string service, string version) => Node.HoldfastAsync("deploy", PackageFile(service, version));

    public Task StartAgentAsync() => Node.StartAgentAsync();

    /// <summary>Null: nobody answers.</summary>
    public async Task<IReadOnlyList<Instance>?> ListAsync() => (await Node.LookAsync())?.Instances;

    /// <summary>What is wanted of orders, by the agent's word.</summary>
    public async Task<ServiceState> StateAsync()
    {
        var listed = await Eventually.SeeAsync("an agent that answers", ListAsync, listed => listed is not null);
        return listed!.SingleOrDefault(instance => instance.Service == "orders") is { } orders
            ? new(orders.Version, orders.Wanted == "running")
            : ServiceState.Gone;
    }

    public string PackageFile(string service, string version) => Path.Combine(Node.Work, $"{service}-{version}.hfpkg");

    /// <summary>Another build of the same programs, in a folder of the node's.</summary>
    public string OtherBuild() => otherBuild ??= Node.CopyOfPrograms("other");

    public async ValueTask DisposeAsync()
    {
        Injection.Disarm();
        Orders.Dispose();
        Ledger.Dispose();
        await Node.DisposeAsync();
        Injection.Dispose();
    }

    private async Task PackAsync(string service, string version)
    {
        var folder = new ServiceFolder(Node, service);
        File.Copy(await NativeParts.PatientAsync(), Path.Combine(Node.Work, service, "patient"), overwrite: true);
        folder.WriteSpec($"""
            apiVersion: holdfast/v1
            kind: Service
            name: {service}
            version: {version}
            command: [patient, "{PaceMilliseconds}"]
            """);
        await folder.SignedAsync(version);
    }
}

/// <summary>What is wanted of a service.</summary>
/// <param name="Version">Null: the service is gone.</param>
internal sealed record ServiceState(string? Version, bool Running)
{
    public static ServiceState Gone { get; } = new(null, Running: false);
}
