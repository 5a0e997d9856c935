using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests.Cluster;

/// <summary>
/// Network namespaces of one test: a hub, and one for each machine of a cluster. Every machine has two links: one by which it reaches the others, which a test cuts,
/// and one by which what it does reaches the test, which is never cut: so it is seen what a node does that nobody can reach any more.
/// </summary>
public sealed class ClusterNetwork : IAsyncDisposable
{
    /// <summary>A link's end that nobody has: what is sent there is lost, and nobody is told.</summary>
    private const string Nowhere = "02:00:00:00:00:01";

    private readonly string name = "hf" + Path.GetRandomFileName()[..6];
    private readonly List<string> made = [];
    private readonly List<string> inodes = [];
    private readonly int size;

    private ClusterNetwork(int size) => this.size = size;

    /// <summary>Where the test receives what the machines do.</summary>
    public static IPAddress Watcher { get; } = IPAddress.Parse("10.78.0.254");

    private string Hub => $"{name}-hub";

    /// <param name="size">So many machines, counted from 1.</param>
    public static async Task<ClusterNetwork> MakeAsync(int size)
    {
        var network = new ClusterNetwork(size);
        try
        {
            await network.MakeAsync();
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    public static IPAddress AddressOf(int machine) => IPAddress.Parse($"10.77.0.{machine}");

    /// <summary>What a command is to be put behind to run on a machine. It is the command's process then: nothing is left in between.</summary>
    public string[] Enter(int machine) => ["nsenter", $"--net={PathOf(Namespace(machine))}", "--"];

    /// <summary>A socket of the hub's: it stays there, whoever uses it.</summary>
    public Socket ReceiverInHub()
    {
        Socket? receiver = null;
        Inside(Hub, () =>
        {
            receiver = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 1 << 20 };
            receiver.Bind(new IPEndPoint(Watcher, 0));
        });
        return receiver!;
    }

    /// <summary>Nothing comes from the others to this machine, and nothing goes.</summary>
    public Task CutAsync(int machine) => IpAsync(Hub, "link", "set", $"n{machine}", "down");

    /// <summary>It hears the others, and cannot answer: what it sends is lost.</summary>
    public Task MuteAsync(int machine) => ForEachOtherAsync(machine, (own, other) => LoseAsync(from: own, to: other));

    /// <summary>The others hear it, and their answers do not come.</summary>
    public Task DeafenAsync(int machine) => ForEachOtherAsync(machine, (own, other) => LoseAsync(from: other, to: own));

    /// <summary>All links of this machine are as they were.</summary>
    public async Task HealAsync(int machine)
    {
        await ForEachOtherAsync(machine, async (own, other) =>
        {
            await FindAsync(from: own, to: other);
            await FindAsync(from: other, to: own);
        });
        await IpAsync(Hub, "link", "set", $"n{machine}", "up");
    }

    /// <summary>All processes of a machine, whoever started them.</summary>
    public IReadOnlyList<int> PidsOn(int machine) =>
    [
        .. Directory.EnumerateDirectories("/proc").Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0 && NetworkOf(pid) == inodes[machine - 1] && TestNode.Lives(pid)),
    ];

    /// <summary>The machine that a process runs on; 0: on none.</summary>
    public int MachineOf(int pid) => NetworkOf(pid) is { } network ? inodes.IndexOf(network) + 1 : 0;

    /// <summary>As when its power fails: nobody is told of the end of a connection, and all that runs there is gone at once, also what is being started.</summary>
    public async Task PowerOffAsync(int machine)
    {
        await CutAsync(machine);
        await Eventually.SeeAsync($"the end of all that runs on machine {machine}", () =>
        {
            foreach (var pid in PidsOn(machine)) TestNode.Try(pid, 9);
            return PidsOn(machine).Count == 0;
        });
    }

    /// <summary>As when its host pauses it: nothing of it runs until it is thawed, and the world goes on.</summary>
    public void Freeze(int machine)
    {
        // Who is starting while the list is read is met by the second look.
        for (var look = 0; look < 2; look++)
        {
            foreach (var pid in PidsOn(machine)) TestNode.Try(pid, 19);
        }
    }

    public void Thaw(int machine)
    {
        foreach (var pid in PidsOn(machine)) TestNode.Try(pid, 18);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var space in made) await Programs.RunAsync("ip", ["netns", "delete", space], "/");
    }

    private string Namespace(int machine) => $"{name}-{machine}";

    private static string PathOf(string space) => $"/run/netns/{space}";

    private async Task MakeAsync()
    {
        await AddAsync(Hub);
        foreach (var (bridge, address) in new[] { ("machines", "10.77.0.254/24"), ("watch", $"{Watcher}/24") })
        {
            await IpAsync(Hub, "link", "add", bridge, "type", "bridge");
            await IpAsync(Hub, "address", "add", address, "dev", bridge);
            await IpAsync(Hub, "link", "set", bridge, "up");
        }

        for (var machine = 1; machine <= size; machine++)
        {
            var space = Namespace(machine);
            await AddAsync(space);
            await LinkAsync(space, $"n{machine}", "net0", "machines", $"{AddressOf(machine)}/24");
            await LinkAsync(space, $"w{machine}", "watch0", "watch", $"10.78.0.{machine}/24");
            Inside(space, () => inodes.Add(new FileInfo("/proc/thread-self/ns/net").LinkTarget!));
        }

        // Who is where is settled once: what is lost is lost by a test's wish, never because somebody is still being looked for.
        for (var machine = 1; machine <= size; machine++) await ForEachOtherAsync(machine, (own, other) => FindAsync(from: own, to: other));
    }

    private async Task AddAsync(string space)
    {
        (await Programs.RunAsync("ip", ["netns", "add", space], "/")).Ok();
        made.Add(space);
        await IpAsync(space, "link", "set", "lo", "up");
    }

    private async Task LinkAsync(string space, string atHub, string inside, string bridge, string address)
    {
        await IpAsync(Hub, "link", "add", atHub, "type", "veth", "peer", "name", inside, "netns", space);
        await IpAsync(Hub, "link", "set", atHub, "master", bridge, "up");
        await IpAsync(space, "address", "add", address, "dev", inside);
        if (inside == "net0") await IpAsync(space, "link", "set", inside, "address", HardwareOf(int.Parse(atHub.AsSpan(1), CultureInfo.InvariantCulture)));
        await IpAsync(space, "link", "set", inside, "up");
    }

    private static string HardwareOf(int machine) => $"02:00:00:00:01:{machine:x2}";

    private Task LoseAsync(int from, int to) => NeighbourAsync(from, to, Nowhere);

    private Task FindAsync(int from, int to) => NeighbourAsync(from, to, HardwareOf(to));

    private Task NeighbourAsync(int from, int to, string hardware) =>
        IpAsync(Namespace(from), "neighbour", "replace", AddressOf(to).ToString(), "lladdr", hardware, "dev", "net0", "nud", "permanent");

    private async Task ForEachOtherAsync(int machine, Func<int, int, Task> act)
    {
        foreach (var other in Enumerable.Range(1, size).Where(other => other != machine)) await act(machine, other);
    }

    private static async Task IpAsync(string space, params string[] arguments) => (await Programs.RunAsync("ip", ["-n", space, .. arguments], "/")).Ok();

    /// <summary>On a thread of its own: which network a thread is in is its own affair, and no other may be taken along.</summary>
    private static void Inside(string space, Action act)
    {
        Exception? failed = null;
        var thread = new Thread(() =>
        {
            try
            {
                NetworkNamespace.Enter(PathOf(space));
                act();
            }
            catch (Exception e)
            {
                failed = e;
            }
        });
        thread.Start();
        thread.Join();
        if (failed is not null) throw new InvalidOperationException($"Nothing could be done in {space}: {failed.Message}", failed);
    }

    private static string? NetworkOf(int pid)
    {
        try
        {
            return new FileInfo($"/proc/{pid}/ns/net").LinkTarget;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
