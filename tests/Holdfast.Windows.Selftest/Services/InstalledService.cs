using System.Diagnostics;
using System.Text.Json;
using Holdfast.Core.NativeServices;
using Holdfast.Platform.Windows.Services;
using Holdfast.Windows.Selftest.Running;
using Holdfast.Testing.Processes;

namespace Holdfast.Windows.Selftest.Services;

/// <summary>
/// A program of this machine that the real holdfast.exe makes a service: this one, in a folder of its own, with a child. Takes everything away again.
/// </summary>
internal sealed class InstalledService : IDisposable
{
    private const string Program = "holdfast-windows-selftest.exe";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(50);

    private readonly string folder = Directory.CreateTempSubdirectory("holdfast-installed-").FullName;
    private readonly ManualResetEventSlim never = new();

    /// <param name="options">Of the install, besides those that each has.</param>
    /// <param name="input">What the install reads on its standard input.</param>
    public InstalledService(string[]? options = null, string? input = null)
        : this(service => ["service", "install", service.Name, service.Executable, "--writable", "data", "--start", "manual", .. options ?? [], "--", "patient", "parent", service.Family], input)
    {
    }

    /// <param name="install">What holdfast.exe is given to install the service of this name from that folder.</param>
    /// <param name="input">What it reads on its standard input.</param>
    public InstalledService(Func<InstalledService, string[]> install, string? input = null)
    {
        Directory.CreateDirectory(App);
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory)) File.Copy(file, Path.Combine(App, Path.GetFileName(file)));
        Directory.CreateDirectory(Path.Combine(App, "data"));
        Beside = Path.Combine(App, "settings.json");
        File.WriteAllText(Beside, "{}");
        Installed = HoldfastCommand.Run(Home, input, install(this));
    }

    /// <summary>One that can pause.</summary>
    /// <param name="command">What the patient is told; it gets the file that <see cref="Told"/> is as its last word.</param>
    /// <param name="pause">Of its spec; EXE and FILE stand for the program and that file.</param>
    public static InstalledService ThatPauses(string[] command, string pause) => new(service =>
    {
        var spec = Path.Combine(service.folder, "holdfast.yaml");
        string Quoted(string text) => JsonSerializer.Serialize(text);
        File.WriteAllText(spec, $"""
            apiVersion: holdfast/v1
            kind: Service
            name: {service.Name}
            command: [{string.Join(", ", command.Prepend("patient").Prepend(service.Executable).Select(word => Quoted(word == "FILE" ? service.Told : word)))}]
            workingFolder: "."
            windows:
              nativeService: true
              pause: {pause.Replace("EXE", Quoted(service.Executable), StringComparison.Ordinal).Replace("FILE", Quoted(service.Told), StringComparison.Ordinal)}

            """);
        return ["service", "install", service.Name, "--spec", spec, "--writable", "data", "--start", "manual"];
    });

    /// <summary>What its program, or a hook, has written.</summary>
    public string Told => Path.Combine(App, "data", "told");

    public string Name { get; } = "hf-" + Guid.NewGuid().ToString("N")[..8];

    public ServiceControlManager Scm { get; } = ServiceControlManager.Local();

    /// <summary>What the install said.</summary>
    public Answer Installed { get; }

    /// <summary>A file that is pinned with the program.</summary>
    public string Beside { get; }

    /// <summary>The PIDs of its process and of that one's child.</summary>
    public int[] Processes
    {
        get
        {
            try
            {
                return [.. File.ReadAllText(Family).Split(' ').Select(int.Parse)];
            }
            catch (IOException)
            {
                return [];
            }
        }
    }

    public string Home => Path.Combine(folder, "home");

    public string App => Path.Combine(folder, "app");

    public string Executable => Path.Combine(App, Program);

    public string Family => Path.Combine(App, "data", "family");

    public Answer Holdfast(params string[] arguments) => HoldfastCommand.Run(Home, null, arguments);

    /// <summary>Its status document, once it is as wanted.</summary>
    public JsonElement See(string what, Func<JsonElement, bool> satisfied)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var shown = Holdfast("service", "status", Name, "-o", "json");
            Assert.True(shown.Code == 0, shown.ToString());
            var root = JsonDocument.Parse(shown.Output).RootElement;
            if (satisfied(root)) return root;
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"{what} was not seen: {shown.Output}");
        }
    }

    public void Until(string what, Func<bool> satisfied)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!satisfied())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"{what} was not seen");
            never.Wait(PollEvery);
        }
    }

    public NativeStatus SeeStatus(string what, Func<NativeStatus, bool> satisfied)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var status = Scm.Status(Name).Value.Status;
            if (satisfied(status)) return status;
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"{what} was not seen: {status}");
            never.Wait(PollEvery);
        }
    }

    public void SeeEnd(IEnumerable<int> processes)
    {
        var began = TimeProvider.System.GetTimestamp();
        foreach (var pid in processes)
        {
            while (HostHarness.IsProcess(pid))
            {
                Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"process {pid} lives on");
                never.Wait(PollEvery);
            }
        }
    }

    public static void Kill(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
    }

    public void Dispose()
    {
        // One whose supervisor was killed, Wine's SCM takes for running for ever.
        if (Holdfast("service", "remove", Name, "--purge").Code != 0) Scm.Delete(Name);
        Directory.Delete(folder, recursive: true);
        never.Dispose();
    }
}
