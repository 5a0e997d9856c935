using Holdfast.Core.Operations;
using Holdfast.Core.Supervision;
using Holdfast.Node.Operations;
using Holdfast.Node.State;

namespace Holdfast.Node.Tests.Operations;

/// <summary>A node by itself, but for what the store takes, and how long it waits for others.</summary>
internal sealed class TestShares : IShares
{
    private readonly OneNode one = new();

    public bool Taken { get; set; } = true;

    public int Told { get; private set; }

    public TimeSpan? TakenUpWithin { get; init; }

    public bool Conducts => one.Conducts;

    public bool RemovesUnknown => one.RemovesUnknown;

    public ServiceShare Of(ServiceEntry entry, InstanceStatus? seen) => one.Of(entry, seen) with { TakenUpWithin = TakenUpWithin };

    public ServiceShare Unseen(ServiceEntry entry) => one.Unseen(entry);

    public bool Drives(Operation operation) => one.Drives(operation);

    public void Ended(string service, long epoch, string why) => one.Ended(service, epoch, why);

    public Task<bool> TellAsync(IReadOnlyList<InstanceStatus> seen, CancellationToken cancel)
    {
        Told++;
        return Task.FromResult(Taken);
    }
}
