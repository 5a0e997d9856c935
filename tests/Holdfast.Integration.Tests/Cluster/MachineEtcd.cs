using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Holdfast.Integration.Tests.Cluster;

/// <summary>The member of etcd on one machine of a <see cref="ClusterNetwork"/>. Who leads is read from what the members say: nobody here reaches them.</summary>
public sealed partial class MachineEtcd(ClusterNetwork network, int machine, int size, string folder) : IDisposable
{
    private readonly Lock gate = new();
    private readonly Queue<string> said = new();
    private Process? process;

    public static Uri EndpointOf(int machine) => new($"http://{ClusterNetwork.AddressOf(machine)}:2379");

    /// <summary>The last term in which it became the leader of etcd; 0: in none.</summary>
    public long LedInTerm { get; private set; }

    public bool Runs => process is { HasExited: false };

    public int Pid => process!.Id;

    public void Start()
    {
        var (client, peer) = (EndpointOf(machine).OriginalString, PeerOf(machine));
        string[] command =
        [
            .. network.Enter(machine), "etcd", "--name", $"m{machine}", "--data-dir", Path.Combine(folder, $"m{machine}"),
            "--listen-client-urls", client, "--advertise-client-urls", client, "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
            "--initial-cluster", string.Join(',', Enumerable.Range(1, size).Select(other => $"m{other}={PeerOf(other)}")), "--initial-cluster-token", Path.GetFileName(folder), "--initial-cluster-state", "new", "--pre-vote",
        ];
        process?.Dispose();
        process = Process.Start(new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.ErrorDataReceived += Hear;
        process.OutputDataReceived += Hear;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    public void Kill()
    {
        if (process is not { } old) return;
        old.Kill();
        old.WaitForExit();
        old.Dispose();
        process = null;
    }

    /// <summary>The last lines of its log, for a test that failed.</summary>
    public string Log()
    {
        lock (gate) return string.Join('\n', said);
    }

    public void Dispose() => Kill();

    private static string PeerOf(int machine) => $"http://{ClusterNetwork.AddressOf(machine)}:2380";

    private void Hear(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not { } text) return;
        lock (gate)
        {
            if (BecameLeader().Match(text) is { Success: true } match) LedInTerm = long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            said.Enqueue(text);
            if (said.Count > 100) said.Dequeue();
        }
    }

    [GeneratedRegex(@"became leader at term (\d+)")]
    private static partial Regex BecameLeader();
}
