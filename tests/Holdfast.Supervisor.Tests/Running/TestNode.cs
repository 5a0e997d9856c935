using System.Diagnostics;
using System.Security.Cryptography;
using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Control;
using Holdfast.Node.Supervisors;
using Holdfast.Platform;
using Holdfast.Segments;

namespace Holdfast.Supervisor.Tests.Running;

/// <summary>
/// A home of its own with an admitted package of shell scripts, and the real supervisor on it. Ends everything it has started.
/// </summary>
internal sealed class TestNode : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly byte[] key = RandomNumberGenerator.GetBytes(SealedDocument.KeyLength);
    private readonly string package;
    private readonly Dictionary<string, string> scripts = [];
    private Process? process;

    public TestNode()
    {
        // Short: the path of a socket must fit into 107 bytes.
        Home = new Home(Directory.CreateTempSubdirectory("hf").FullName);
        package = Path.Combine(Home.Packages, "sha256-" + Digest[7..]);
        Directory.CreateDirectory(Path.Combine(package, "files"));
        Directory.CreateDirectory(Home.Keys);
        File.WriteAllBytes(Path.Combine(Home.Keys, SealedDocument.KeyFile), key);
        Client = new SupervisorClient(Place, TimeProvider.System);
    }

    public static string Digest { get; } = "sha256:" + new string('a', 64);

    public static string Executable { get; } = Path.Combine(AppContext.BaseDirectory, "holdfast-supervisor");

    public Home Home { get; }

    public SupervisorPlace Place => new(Home);

    public SupervisorClient Client { get; private set; }

    public int SupervisorPid => process!.Id;

    public string Errors { get; private set; } = "";

    public string DataFolder(string instance) => Path.Combine(Home.Instances, instance);

    public string FilePath(string script) => Path.Combine(package, "files", script);

    /// <summary>A package with these scripts, admitted.</summary>
    public void Admit(params (string Name, string Text)[] files)
    {
        foreach (var (name, text) in files)
        {
            scripts[name] = text;
            var path = FilePath(name);
            File.WriteAllText(path, "#!/bin/sh\n" + text + "\n");
            SetRights(path, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }

        Seal();
    }

    /// <summary>Writes the admission record of what is there now.</summary>
    public void Seal()
    {
        var look = FileFactsReader.Under(Path.Combine(package, "files"));
        var record = new AdmissionRecord
        {
            Digest = Digest,
            Service = "svc",
            Version = "1.0.0",
            Signers = [],
            AdmittedAt = DateTimeOffset.UnixEpoch,
            Files = [.. scripts.Keys.Order(StringComparer.Ordinal).Select(n => new AdmittedFile(n, new string('0', 64), "0555", AccessClass.Code, look(n)!))],
            Folders = [new AdmittedFolder("", look("")!)],
        };
        File.WriteAllBytes(Path.Combine(package, AdmissionRecords.FileName), AdmissionRecords.Seal(record, key));
    }

    public async Task StartAsync()
    {
        Launch();
        await UntilAsync(async () => process!.HasExited
            ? throw new InvalidOperationException("the supervisor ended: " + Errors)
            : (await Client.ConnectAsync(default)).IsOk, "the supervisor answers");
    }

    /// <summary>Starts the supervisor's process and waits for nothing.</summary>
    public void Launch()
    {
        process = Process.Start(new ProcessStartInfo(Executable, ["run", "--home", Home.Path]) { RedirectStandardError = true })!;
        process.ErrorDataReceived += (_, line) => Errors += line.Data + "\n";
        process.BeginErrorReadLine();
    }

    public ServiceSpec Spec(string name = "svc") => new()
    {
        Name = name,
        Command = ["run"],
        Restart = new RestartSpec { Delays = [TimeSpan.Zero, TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(100)] },
        Stop = new StopSpec { Timeout = TimeSpan.FromSeconds(5) },
    };

    public DesiredInstance Wanted(ServiceSpec spec, string script = "run", RunState run = RunState.Running, long incarnation = 1, int release = 1, params string[] arguments)
    {
        var instance = spec.Name + "-0";
        return new DesiredInstance(
            new InstancePlan
            {
                Instance = instance,
                Service = spec.Name,
                Release = release,
                PackageDigest = Digest,
                AdmissionRecord = Path.Combine(package, AdmissionRecords.FileName),
                CodeFolder = Path.Combine(package, "files"),
                DataFolder = DataFolder(instance),
                OutputFolder = Path.Combine(Home.Output, instance),
                WorkingFolder = DataFolder(instance),
                Executable = script.StartsWith('/') ? script : FilePath(script),
                Arguments = arguments,
                Environment = BaseEnvironment.For(DataFolder(instance)),
                Ports = spec.Ports.ToDictionary(p => p.Key, p => p.Value!.Value),
                Spec = spec,
            },
            run,
            incarnation);
    }

    public async Task ApplyAsync(DesiredInstance desired) => AssertOk(await Client.ApplyAsync(desired, default));

    public async Task<InstanceStatus> StatusAsync(string instance = "svc-0")
    {
        var listed = await Client.ListAsync(default);
        Assert.True(listed.IsOk, string.Join("; ", listed.Problems));
        return listed.Value.Single(s => s.Instance == instance);
    }

    public async Task<InstanceStatus> WaitAsync(Func<InstanceStatus, bool> condition, string what, string instance = "svc-0")
    {
        InstanceStatus? last = null;
        await UntilAsync(async () => (await Client.ListAsync(default)) is { IsOk: true } listed
            && listed.Value.SingleOrDefault(s => s.Instance == instance) is { } status
            && condition(last = status), () => $"{what}; it is {last?.State}: {last?.Reason}\n{Errors}");
        return last!;
    }

    public Task<InstanceStatus> WaitRunningAsync(string instance = "svc-0") => WaitAsync(s => s.State == InstanceState.Running, "running", instance);

    public IReadOnlyList<InstanceEvent> Events()
    {
        var events = new List<InstanceEvent>();
        using var reader = JournalReader.Open(Home.Journal, 0, TimeProvider.System);
        while (reader.TryRead() is { } record)
        {
            Assert.Null(record.Lost);
            events.Add(System.Text.Json.JsonSerializer.Deserialize(record.Json.Span, SupervisionJson.Default.InstanceEvent)!);
        }

        return events;
    }

    public void ForgetErrors() => Errors = "";

    public async Task KillSupervisorAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and the exit code.</summary>
    public async Task<int> TerminateSupervisorAsync()
    {
        using var kill = Process.Start("/bin/kill", ["-TERM", SupervisorPid.ToString()]);
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        await process!.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    /// <summary>Another build of the product: a copy of this one, in a folder of its own. Gone with the node.</summary>
    public string AnotherBuild(string name = "next", Action<string>? spoil = null)
    {
        var folder = Path.Combine(Home.Path, name);
        AssertOk(FolderRights.Ensure(folder, FolderRights.OwnerOnly));
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory))
        {
            if (!Path.GetFileName(file).StartsWith("xunit", StringComparison.Ordinal)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        spoil?.Invoke(folder);
        return Path.Combine(folder, "holdfast-supervisor");
    }

    public async Task ReplaceClientAsync()
    {
        await Client.DisposeAsync();
        Client = new SupervisorClient(Place, TimeProvider.System);
    }

    public static async Task UntilAsync(Func<Task<bool>> condition, string what) => await UntilAsync(condition, () => what);

    public static async Task UntilAsync(Func<Task<bool>> condition, Func<string> what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, "waited in vain: " + what());
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    public static void SetRights(string path, UnixFileMode mode) => AssertOk(FolderRights.Set(path, mode));

    public static bool IsAlive(int pid) => ProcessFacts.Read(pid) is { Ended: false };

    /// <summary>As what leads in that epoch, under that lease.</summary>
    public static DesiredInstance Led(DesiredInstance wanted, long epoch, long lease) => wanted with { Plan = wanted.Plan with { Epoch = epoch, Lease = lease } };

    /// <summary>What acts under the lease may act for so long from now on, and begin anything new for 70 % of that.</summary>
    public async Task ExtendAsync(long lease, double seconds)
    {
        var now = BootClock.SinceBoot;
        AssertOk(await Client.ExtendAsync(lease, now + TimeSpan.FromSeconds(seconds * 0.7), now + TimeSpan.FromSeconds(seconds), null, default));
    }

    public static void AssertOk(Outcome<Done> outcome) => Assert.True(outcome.IsOk, string.Join("; ", outcome.Problems));

    /// <summary>Politely if it can be; a supervisor that does not end must not outlive its test.</summary>
    private async Task EndAsync()
    {
        await Client.ShutdownAsync(default);
        if (process is not { HasExited: false }) return;
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        await Client.DisposeAsync();
        process?.Dispose();
        Directory.Delete(Home.Path, recursive: true);
    }
}
