using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Holdfast.Core.Packages;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Control;
using Holdfast.Platform;
using Holdfast.Testing.Processes;
using Holdfast.Windows.Selftest.Running;

namespace Holdfast.Windows.Selftest.Supervising;

/// <summary>
/// A home of its own with this program as its package, and the real holdfast-supervisor on it, spoken to over its pipe. Ends everything it has started.
/// </summary>
internal sealed class SupervisedHome : IDisposable
{
    private const string Program = "holdfast-windows-selftest.exe";

    private static readonly string digest = "sha256:" + new string('a', 64);

    private readonly byte[] key = RandomNumberGenerator.GetBytes(SealedDocument.KeyLength);
    private readonly string folder = Directory.CreateTempSubdirectory("holdfast-supervised-").FullName;
    private readonly string record;
    private readonly System.Text.StringBuilder said = new();
    private FrameConnection? connection;
    private long lastRequest;

    public SupervisedHome()
    {
        Place = new(new Home(Path.Combine(folder, "home")));
        record = Path.Combine(folder, AdmissionRecords.FileName);
        Directory.CreateDirectory(Place.Home.Keys);
        File.WriteAllBytes(Path.Combine(Place.Home.Keys, SealedDocument.KeyFile), key);
        var look = FileFactsReader.Under(AppContext.BaseDirectory);
        File.WriteAllBytes(record, AdmissionRecords.Seal(
            new AdmissionRecord
            {
                Digest = digest,
                Service = "svc",
                Version = "1.0.0",
                Signers = [],
                AdmittedAt = DateTimeOffset.UnixEpoch,
                Files = [new AdmittedFile(Program, new string('0', 64), "0555", AccessClass.Code, look(Program)!)],
                Folders = [],
            },
            key));
    }

    public SupervisorPlace Place { get; }

    public Process? Supervisor { get; private set; }

    /// <summary>As its identity file says.</summary>
    public SupervisorIdentity? Identity
    {
        get
        {
            try
            {
                return JsonSerializer.Deserialize(File.ReadAllBytes(Place.Identity), SupervisionJson.Default.SupervisorIdentity);
            }
            catch (Exception absent) when (absent is IOException or JsonException)
            {
                return null;
            }
        }
    }

    /// <param name="verb">run or guard.</param>
    public void Start(string verb = "run")
    {
        var program = Path.Combine(AppContext.BaseDirectory, "holdfast-supervisor.exe");
        Supervisor = StartedProcess.Start(new ProcessStartInfo(program, [verb, "--home", Place.Home.Path]) { UseShellExecute = false, RedirectStandardError = true });
        Supervisor.ErrorDataReceived += (_, line) => said.AppendLine(line.Data);
        Supervisor.BeginErrorReadLine();
        Connect();
    }

    public void Connect()
    {
        connection?.Dispose();
        LocalConnection? found = null;
        Until(() => Supervisor!.HasExited || LocalConnection.Open(Place.Socket).TryGet(out found), "the supervisor answers");
        Assert.True(found is not null, $"the supervisor ended with {(Supervisor!.HasExited ? Supervisor.ExitCode : 0)}: {said}");
        connection = new(found);
        Wait(connection.SendAsync(FrameKind.Hello, new Hello(1, 1, "selftest"), SupervisionJson.Default.Hello, default));
        Assert.Equal(FrameKind.Hello, Wait(connection.ReadAsync(default))!.Value.Kind);
        Assert.Equal(Identity!.Pid, found.Peer.Pid);
    }

    public DesiredInstance Wanted(ServiceSpec spec, RunState run, params string[] patient) => new(
        new InstancePlan
        {
            Instance = spec.Name + "-0",
            Service = spec.Name,
            Release = 1,
            PackageDigest = digest,
            AdmissionRecord = record,
            CodeFolder = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar),
            DataFolder = Path.Combine(Place.Home.Instances, spec.Name + "-0"),
            OutputFolder = Path.Combine(Place.Home.Output, spec.Name + "-0"),
            WorkingFolder = Path.Combine(Place.Home.Instances, spec.Name + "-0"),
            Executable = Path.Combine(AppContext.BaseDirectory, Program),
            Arguments = ["patient", .. patient],
            Environment = BaseEnvironment.For(Path.Combine(Place.Home.Instances, spec.Name + "-0")),
            Ports = spec.Ports.ToDictionary(port => port.Key, port => port.Value!.Value),
            Spec = spec,
        },
        run,
        1);

    public void Apply(DesiredInstance desired) => Ask(new() { Id = ++lastRequest, Verb = Verb.Apply, Desired = desired });

    public InstanceStatus Status() => Assert.Single(Ask(new() { Id = ++lastRequest, Verb = Verb.List }).Instances!);

    public InstanceStatus WaitFor(InstanceState state, Func<InstanceStatus, bool>? and = null)
    {
        InstanceStatus? last = null;
        Until(() => (last = Status()).State == state && (and is null || and(last)), () => $"it is {state}; it is {last?.State}: {last?.Reason}");
        return last!;
    }

    /// <summary>Puts it into the instance's standard input, which ends behind it.</summary>
    public Taken Give(string instance, byte[] input)
    {
        const uint channel = 3;
        Ask(new() { Id = ++lastRequest, Verb = Verb.Attach, Instance = instance, Channel = channel });
        Wait(connection!.SendAsync(FrameWriter.ToBytes(FrameKind.Data, input, channel, FrameFlags.End), default));
        var answer = Wait(connection.ReadAsync(default))!.Value;
        Assert.Equal((FrameKind.Taken, channel), (answer.Kind, answer.Channel));
        return FrameConnection.Parse(answer, SupervisionJson.Default.Taken)!;
    }

    /// <summary>All that the instance has said, as it stands in its segments.</summary>
    public string Output() => string.Concat(
        from file in Directory.Exists(Place.Home.Output) ? Directory.EnumerateFiles(Place.Home.Output, "*", SearchOption.AllDirectories) : []
        select ReadShared(file));

    /// <summary>What stands in the way.</summary>
    public string? Upgrade(string executable) => Send(new() { Id = ++lastRequest, Verb = Verb.Upgrade, Executable = executable }).Problems is [var problem, ..] ? problem.Rule : null;

    public int Shutdown()
    {
        Ask(new() { Id = ++lastRequest, Verb = Verb.Shutdown });
        Assert.True(Supervisor!.WaitForExit(HostHarness.Generous));
        return Supervisor.ExitCode;
    }

    public static void Until(Func<bool> condition, string what) => Until(condition, () => what);

    public static void Until(Func<bool> condition, Func<string> what)
    {
        var until = BootClock.SinceBoot + HostHarness.Generous;
        while (!condition())
        {
            Assert.True(BootClock.SinceBoot < until, "waited in vain until " + what());
            Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System).GetAwaiter().GetResult();
        }
    }

    public void Dispose()
    {
        connection?.Dispose();
        if (Supervisor is { HasExited: false }) Supervisor.Kill();
        Supervisor?.WaitForExit();
        Supervisor?.Dispose();
        // What it kept ends with it, and then lets go of the folder.
        Until(() => TryDelete(folder), "its folder can be removed");
    }

    private Response Ask(Request request)
    {
        var response = Send(request);
        Assert.True(response.Problems is null or [], string.Join("; ", response.Problems ?? []));
        return response;
    }

    private Response Send(Request request)
    {
        Assert.True(Wait(connection!.SendAsync(FrameKind.Request, request, SupervisionJson.Default.Request, default)));
        while (true)
        {
            var frame = Wait(connection.ReadAsync(default)) ?? throw new IOException("The supervisor has closed the connection.");
            if (frame.Kind != FrameKind.Response) continue;
            return FrameConnection.Parse(frame, SupervisionJson.Default.Response)!;
        }
    }

    private static T Wait<T>(ValueTask<T> task) => task.AsTask().WaitAsync(HostHarness.Generous, TimeProvider.System).GetAwaiter().GetResult();

    private static string ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return new StreamReader(stream).ReadToEnd();
    }

    private static bool TryDelete(string folder)
    {
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            return true;
        }
        catch (Exception busy) when (busy is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
