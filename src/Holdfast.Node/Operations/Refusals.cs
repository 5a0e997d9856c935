using System.Net;
using System.Net.Sockets;
using Holdfast.Core.Auditing;
using Holdfast.Core.Problems;
using Holdfast.Rpc;
using Holdfast.Rpc.Tls;

namespace Holdfast.Node.Operations;

/// <summary>The record of who was refused for lack of identity or right: each attempt an entry, or a number in one (<see cref="RefusalBrake"/>).</summary>
internal sealed class Refusals : IDisposable
{
    /// <summary>A call of the API that nothing else names.</summary>
    public const string Call = "api.call";

    /// <summary>A connection that did not get as far as a call.</summary>
    public const string Connect = "api.connect";

    private readonly ChangeRecord record;
    private readonly TimeProvider time;
    private readonly long began;
    private readonly Lock gate = new();
    private readonly ITimer passing;
    private RefusalBrake brake = RefusalBrake.Idle;
    private bool closed;

    public Refusals(ChangeRecord record, TimeProvider time)
    {
        this.record = record;
        this.time = time;
        began = time.GetTimestamp();
        passing = time.CreateTimer(_ => Pass(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <param name="caller">The same text for the same caller: what its attempts are counted under.</param>
    /// <param name="actor">Who, and from where.</param>
    /// <param name="action">What was attempted.</param>
    /// <param name="target">On what.</param>
    /// <param name="problems">Why it was refused.</param>
    public void Note(string caller, Actor actor, string action, string target, IReadOnlyList<Problem> problems)
    {
        var attempt = ChangeRecord.Refusal(actor, action, target, Guid.NewGuid().ToString("n"), problems);
        lock (gate)
        {
            if (!closed) Take(brake.Attempt(caller.Length > 0 ? caller : "somebody", attempt, time.GetElapsedTime(began)));
        }
    }

    /// <summary>One whose certificate was not taken in the handshake. What the certificate calls itself is its own word: it is known by its address.</summary>
    public void NotLetIn(RefusedPeer peer)
    {
        var address = (peer.From as IPEndPoint)?.Address;
        var actor = new Actor($"somebody at {address?.ToString() ?? "an unknown address"}", new(peer.From?.ToString() ?? "an unknown address", certificate: peer.Certificate));
        Note(Network(address), actor, Connect, "api", [new(ProblemKind.Refused, "api.certificate", $"The certificate is not taken: {peer.Why}.")]);
    }

    /// <summary>What unnamed callers are counted under: their address, of which in IPv6 one customer has a whole network.</summary>
    public static string Network(IPAddress? address)
    {
        if (address is null) return "an unknown address";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? $"{Convert.ToHexStringLower(address.GetAddressBytes()[..8])}/64" : address.ToString();
    }

    /// <summary>Writes what was only counted so far.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (closed) return;
            closed = true;
            passing.Dispose();
            foreach (var rest in brake.Rest()) record.Note(rest);
        }
    }

    private void Pass()
    {
        lock (gate)
        {
            if (!closed) Take(brake.Pass(time.GetElapsedTime(began)));
        }
    }

    private void Take((RefusalBrake Next, IReadOnlyList<AuditRecord> Records) decided)
    {
        brake = decided.Next;
        // Where it cannot be written, the attempt is refused all the same.
        foreach (var one in decided.Records) record.Note(one);
        var wait = brake.Due is { } due ? due - time.GetElapsedTime(began) : Timeout.InfiniteTimeSpan;
        passing.Change(wait < TimeSpan.Zero && wait != Timeout.InfiniteTimeSpan ? TimeSpan.Zero : wait, Timeout.InfiniteTimeSpan);
    }
}
