using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Holdfast.Platform;

namespace Holdfast.Integration.Tests.Cluster;

/// <summary>What a worker did, when it was received, and in which epoch it was done.</summary>
public sealed record Effect(TimeSpan At, long Epoch, string Node, int Pid);

/// <summary>Receives what workers do, and looks at each epoch: the part of law 4 that is not the node's.</summary>
public sealed class EffectSink : IDisposable
{
    private readonly Socket socket;
    private readonly Thread receiving;
    private readonly ConcurrentQueue<Effect> effects = new();
    private long highest;

    public EffectSink(IPAddress address)
        : this(Bound(address))
    {
    }

    /// <param name="socket">Bound already, in whatever network it is.</param>
    public EffectSink(Socket socket)
    {
        this.socket = socket;
        receiving = new(Receive) { IsBackground = true, Name = "effects" };
        receiving.Start();
    }

    public IPAddress Address => ((IPEndPoint)socket.LocalEndPoint!).Address;

    public int Port => ((IPEndPoint)socket.LocalEndPoint!).Port;

    public IReadOnlyList<Effect> Effects => [.. effects];

    /// <summary>Those of an epoch that came after one of a later epoch: it acted when it should not have.</summary>
    public ConcurrentQueue<Effect> Late { get; } = new();

    public Effect? Last => effects.LastOrDefault();

    /// <summary>Epochs of which two were acted in at the same time, by the first and the last effect of each; and those that two processes acted in at once.</summary>
    public IReadOnlyList<string> Overlaps()
    {
        List<string> found = [];
        var acted = Effects.GroupBy(effect => effect.Epoch).OrderBy(epoch => epoch.Key).Select(epoch => (Epoch: epoch.Key, From: epoch.First().At, To: epoch.Last().At, All: epoch)).ToList();
        foreach (var (before, after) in acted.Zip(acted.Skip(1)))
        {
            if (after.From <= before.To) found.Add($"epoch {after.Epoch} from {after.From}, epoch {before.Epoch} until {before.To}");
        }

        foreach (var epoch in acted)
        {
            var runs = epoch.All.GroupBy(effect => effect.Pid).Select(run => (Pid: run.Key, From: run.First().At, To: run.Last().At)).OrderBy(run => run.From).ToList();
            found.AddRange(runs.Zip(runs.Skip(1)).Where(pair => pair.Second.From <= pair.First.To).Select(pair => $"epoch {epoch.Epoch}: PID {pair.First.Pid} and PID {pair.Second.Pid}"));
        }

        return found;
    }

    /// <summary>From the last effect of an epoch to the first of the next one.</summary>
    public IReadOnlyList<(long From, long To, TimeSpan Gap)> Gaps()
    {
        List<(long, long, TimeSpan)> gaps = [];
        Effect? before = null;
        foreach (var effect in effects)
        {
            if (before is not null && effect.Epoch > before.Epoch) gaps.Add((before.Epoch, effect.Epoch, effect.At - before.At));
            if (before is null || effect.Epoch >= before.Epoch) before = effect;
        }

        return gaps;
    }

    /// <summary>The longest time without an effect since a moment.</summary>
    public TimeSpan LongestSilence(TimeSpan since)
    {
        var (longest, last) = (TimeSpan.Zero, since);
        foreach (var effect in effects.Where(effect => effect.At > since))
        {
            if (effect.At - last > longest) longest = effect.At - last;
            last = effect.At;
        }

        return longest;
    }

    public void Dispose()
    {
        socket.Dispose();
        receiving.Join();
    }

    private static Socket Bound(IPAddress address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 1 << 20 };
        socket.Bind(new IPEndPoint(address, 0));
        return socket;
    }

    private void Receive()
    {
        var buffer = new byte[256];
        while (true)
        {
            int read;
            try
            {
                read = socket.Receive(buffer);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            if (Encoding.ASCII.GetString(buffer, 0, read).Split(' ') is not [var epoch, var node, var pid, ..]) continue;
            var effect = new Effect(BootClock.SinceBoot, long.Parse(epoch, CultureInfo.InvariantCulture), node, int.Parse(pid, CultureInfo.InvariantCulture));
            if (effect.Epoch < highest) Late.Enqueue(effect);
            highest = Math.Max(highest, effect.Epoch);
            effects.Enqueue(effect);
        }
    }
}
