using System.Diagnostics;
using System.Text.Json;
using Holdfast.Core.NativeServices;
using Holdfast.Platform;
using Holdfast.Platform.Windows.Services;
using Holdfast.Windows.Selftest.Running;
using Holdfast.Testing.Processes;

namespace Holdfast.Windows.Selftest.Deploying;

/// <summary>A node with its agent, to which the real holdfast.exe deploys what it has packed and signed. Takes everything away again.</summary>
internal sealed class DeployedHome : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(50);

    private static readonly string[] NodeNames = [NodeServices.Agent, NodeServices.Supervisor];

    private readonly bool installed;
    private readonly string folder = Directory.CreateTempSubdirectory("holdfast-deployed-").FullName;
    private readonly ManualResetEventSlim never = new();
    private readonly HashSet<int> before = [.. Ours().Select(process => process.Id)];

    /// <param name="installed">Windows starts agent and supervisor.</param>
    public DeployedHome(bool installed = false)
    {
        MakeKeys();
        if (installed) Assert.Empty(NodeNames.Where(name => Scm.Read(name).IsOk)); // Not over a node that this machine has.
        this.installed = installed;
        Do(installed ? ["agent", "install", "--now"] : ["agent", "start", "--metrics", "off"]);
    }

    /// <summary>Free on this machine.</summary>
    public string Service { get; } = "hf-" + Guid.NewGuid().ToString("N")[..8];

    public ServiceControlManager Scm { get; } = ServiceControlManager.Local();

    private string Home => Path.Combine(folder, "home");

    private string Data => Path.Combine(Home, "instances", $"{Service}-0");

    /// <param name="more">Lines of its spec besides those that each has.</param>
    public Answer Deploy(string version, string more = "")
    {
        var source = Directory.CreateDirectory(Path.Combine(folder, version)).FullName;
        File.Copy(Tally.File, Path.Combine(source, "tally.exe"));
        File.WriteAllText(Path.Combine(source, "holdfast.yaml"), $$"""
            apiVersion: holdfast/v1
            kind: Service
            name: {{Service}}
            version: {{version}}
            command: [tally.exe]
            ports: {http: auto}
            health:
              readiness: {http: {port: http, path: /healthz}, interval: 1s}
            restart: {delays: [0s]}
            {{more}}

            """);
        var package = Path.Combine(folder, version + ".hfpkg");
        Do("pack", source, "-o", package);
        Do("sign", package);
        return Holdfast("deploy", package);
    }

    public void DeployWell(string version, string more = "")
    {
        var answer = Deploy(version, more);
        Assert.True(answer.Code == 0, $"deploy {version}: {answer}");
    }

    public Answer Holdfast(params string[] arguments) => HoldfastCommand.Run(Home, null, arguments);

    public Answer Do(params string[] arguments)
    {
        var answer = Holdfast(arguments);
        Assert.True(answer.Code == 0, $"holdfast {string.Join(' ', arguments)}: {answer}");
        return answer;
    }

    /// <summary>Its line of `ps -o json`, once it is as wanted.</summary>
    public JsonElement See(string what, Func<JsonElement, bool> satisfied)
    {
        JsonElement found = default;
        string last = "";
        Until(what, () =>
        {
            last = Do("ps", "-o", "json").Output;
            var listed = JsonDocument.Parse(last).RootElement.EnumerateArray().Where(one => one.GetProperty("service").GetString() == Service).ToList();
            return listed is [var one] && satisfied(found = one);
        }, () => last);
        return found;
    }

    public JsonElement SeeHealthy() => See("running and healthy", line => line.GetProperty("state").GetString() == "running" && line.GetProperty("health").GetString() == "healthy");

    public NativeState StateOf(string service) => Scm.Status(service).Value.Status.State;

    /// <summary>As an administrator does it in services.msc.</summary>
    public void Control(string service, NativeState wanted)
    {
        Assert.True((wanted == NativeState.Running ? Scm.Start(service) : Scm.Control(service, NativeControl.Stop)).IsOk);
        Until($"{service} {wanted}", () => StateOf(service) == wanted, () => StateOf(service).ToString());
    }

    /// <summary>Of the process that runs as a service.</summary>
    public string ExecutableOf(string service) => ProcessFacts.Executable(Scm.Status(service).Value.ProcessId) ?? "";

    /// <summary>Another folder with the same build, or with one file of it.</summary>
    public string CopyOfPrograms(string name, string only = "*")
    {
        var copy = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory, only)) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        return copy;
    }

    /// <summary>What tally and those below it say they are: itself by `ps`, its child and grandchild by their files.</summary>
    public int[] Family(JsonElement line)
    {
        int[] family = [line.GetProperty("pid").GetInt32(), 0, 0];
        Until("a child and a grandchild", () =>
        {
            for (var i = 1; i < family.Length; i++)
            {
                var file = Path.Combine(Data, i == 1 ? "child" : "grandchild");
                if (!File.Exists(file)) return false;
                family[i] = int.Parse(File.ReadAllText(file));
            }

            return family.All(HostHarness.IsProcess);
        });
        return family;
    }

    /// <summary>So that the next family is not taken for the one before.</summary>
    public void ForgetFamily()
    {
        foreach (var name in (string[])["child", "grandchild"]) File.Delete(Path.Combine(Data, name));
    }

    public void Until(string what, Func<bool> satisfied, Func<string>? shown = null)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!satisfied())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"{what} was not seen: {shown?.Invoke()}");
            never.Wait(PollEvery);
        }
    }

    public void Dispose()
    {
        foreach (var name in installed ? [Service, .. NodeNames] : (string[])[Service])
        {
            if (Scm.Read(name).IsOk) Scm.Delete(name);
        }

        // A guard starts a supervisor that is gone: until none of them is there.
        Until("the end of what was started", () =>
        {
            var left = Ours().Where(process => !before.Contains(process.Id)).ToList();
            foreach (var process in left) process.Kill();
            return left.Count == 0;
        });
        Until("a folder that nobody has open", () =>
        {
            try
            {
                Directory.Delete(folder, recursive: true);
                return true;
            }
            catch (IOException)
            {
                return false;
            }
        });
        never.Dispose();
    }

    private void MakeKeys()
    {
        string[] certificates = [Path.Combine(Home, "keys", "dev-ca.pem"), Path.Combine(Home, "keys", "signing.pem")];
        do
        {
            if (Directory.Exists(Home)) Directory.Delete(Home, recursive: true);
            Do("keys", "init");
        }
        while (!certificates.All(WineSignatures.CanRead));
    }

    private static IEnumerable<Process> Ours() => Process.GetProcessesByName("holdfast").Concat(Process.GetProcessesByName("holdfast-supervisor")).Concat(Process.GetProcessesByName("tally"));
}
