using System.Diagnostics;

namespace Holdfast.Rpc.Tests.Interop;

/// <summary>An implementation of gRPC that is not ours, as a program that is a client or a server.</summary>
/// <remarks>Where Debian's packages have it; what is made from them, eng/peers.sh makes into artifacts/interop.</remarks>
internal sealed class Peer
{
    private static readonly string Made = Path.Combine(Root(), "artifacts", "interop");
    private static readonly string? Interpreter =
        new[] { "/usr/bin/python3", "python3" }.FirstOrDefault(python => Runs(python, "-c", "import grpc, google.protobuf"));

    private readonly string[] command;

    private Peer(string name, string? missing, params string[] command)
    {
        Name = name;
        Missing = missing;
        this.command = command;
    }

    public static Peer Python { get; } = new(
        "Python",
        Interpreter is null ? "python3-grpcio and python3-protobuf are not installed" : null,
        Interpreter ?? "",
        Script("python/interop.py"));

    public static Peer Cpp { get; } = new(
        "C++",
        File.Exists(Path.Combine(Made, "cpp", "interop")) ? null : "the C++ peer is not made: ./build.sh test makes it where g++, protoc and libgrpc++ are",
        Path.Combine(Made, "cpp", "interop"));

    public static Peer Node { get; } = new(
        "Node",
        !Runs("node", "--version") ? "needs node (Debian: nodejs)"
        : File.Exists(Path.Combine(Made, "node", "complete")) ? null
        : "@grpc/grpc-js is not there: ./build.sh test gets it where npm can",
        "node",
        Script("node/interop.js"));

    public static IReadOnlyList<Peer> All { get; } = [Python, Cpp, Node];

    public string Name { get; }

    /// <summary>Why it cannot be started here; null: it can.</summary>
    public string? Missing { get; }

    public static Peer Named(string name) => All.Single(peer => peer.Name == name);

    public RunningPeer Start(params IEnumerable<string> arguments) => new(Name, Process.Start(Info(command, arguments))!);

    /// <summary>Another script for the same interpreter.</summary>
    public static RunningPeer StartPython(string script, params IEnumerable<string> arguments) =>
        new(script, Process.Start(Info([Interpreter!, Script("python/" + script)], arguments))!);

    private static ProcessStartInfo Info(string[] command, IEnumerable<string> arguments)
    {
        var info = new ProcessStartInfo(command[0], command[1..].Concat(arguments))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["NODE_PATH"] = Path.Combine(Made, "node", "node_modules");
        return info;
    }

    private static string Script(string path) => Path.Combine(AppContext.BaseDirectory, "Interop", path);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Holdfast.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("No Holdfast.slnx above " + AppContext.BaseDirectory);
    }

    private static bool Runs(string program, params string[] arguments)
    {
        try
        {
            using var probe = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            var said = probe.StandardOutput.ReadToEndAsync();
            probe.StandardError.ReadToEnd();
            said.GetAwaiter().GetResult();
            probe.WaitForExit();
            return probe.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

/// <summary>A test that needs the Python peer, and is skipped by name where it is not installed.</summary>
internal sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute() => Skip = Peer.Python.Missing;
}

/// <summary>The same for the C++ peer.</summary>
internal sealed class CppFactAttribute : FactAttribute
{
    public CppFactAttribute() => Skip = Peer.Cpp.Missing;
}
