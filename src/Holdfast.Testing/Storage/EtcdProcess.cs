using System.Diagnostics;

namespace Holdfast.Testing.Storage;

/// <summary>One real etcd, with its data in a folder that outlives its process.</summary>
public sealed class EtcdProcess : IDisposable
{
    private readonly List<string> arguments;
    private readonly Queue<string> said = new();
    private Process? process;

    /// <param name="arguments">Beside its name, data folder and addresses: how it finds the others.</param>
    internal EtcdProcess(string name, string folder, string scheme, int clientPort, int peerPort, IEnumerable<string> arguments)
    {
        Name = name;
        Data = Path.Combine(folder, name);
        Endpoint = new Uri($"{scheme}://127.0.0.1:{clientPort}");
        Peer = new Uri($"http://127.0.0.1:{peerPort}");
        this.arguments =
        [
            "--name", name, "--data-dir", Data,
            "--listen-client-urls", Endpoint.OriginalString, "--advertise-client-urls", Endpoint.OriginalString,
            "--listen-peer-urls", Peer.OriginalString, "--initial-advertise-peer-urls", Peer.OriginalString,
            .. arguments,
        ];
    }

    public string Name { get; }

    /// <summary>The folder of its data: it outlives the process.</summary>
    public string Data { get; }

    public Uri Endpoint { get; }

    public Uri Peer { get; }

    public int Pid => process?.Id ?? throw new InvalidOperationException("It does not run.");

    public bool Runs => process is { HasExited: false };

    /// <summary>Null: the program is here.</summary>
    public static string? WhyNot(string program = "etcd", string package = "etcd-server") =>
        Array.Exists((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator), p => File.Exists(Path.Combine(p, program)))
            ? null
            : $"needs {program} (Debian: {package})";

    public void Start()
    {
        var start = new ProcessStartInfo("etcd", arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        var started = Process.Start(start)!;
        started.ErrorDataReceived += Hear;
        started.OutputDataReceived += Hear;
        started.BeginErrorReadLine();
        started.BeginOutputReadLine();
        process = started;
    }

    /// <summary>As a power failure does, but for what the kernel still holds.</summary>
    public void Kill()
    {
        if (process is not { } old) return;
        old.Kill();
        old.WaitForExit();
        old.Dispose();
        process = null;
    }

    /// <summary>The process does nothing until it is woken, and the world goes on.</summary>
    public void Freeze() => Signal("-STOP");

    public void Wake() => Signal("-CONT");

    /// <summary>The last lines of its log, for a test that failed.</summary>
    public string Log()
    {
        lock (said) return string.Join('\n', said);
    }

    public void Dispose() => Kill();

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, process!.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        if (kill.ExitCode != 0) throw new InvalidOperationException($"kill {signal} of etcd {Name} failed.");
    }

    private void Hear(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not { } text) return;
        lock (said)
        {
            said.Enqueue(text);
            if (said.Count > 100) said.Dequeue();
        }
    }
}
