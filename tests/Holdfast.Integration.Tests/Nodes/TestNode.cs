using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Holdfast.Integration.Tests.Nodes;

/// <summary>
/// A whole node of its own: a home in a short temporary path, the real agent, the real supervisor, the real CLI.
/// It ends only what it started.
/// </summary>
public sealed partial class TestNode : IAsyncDisposable
{
    private string[] holdfast = [Programs.Holdfast];
    private Process? agent;
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> agentSaid = new();

    private TestNode(string root) => Root = root;

    public string Root { get; }

    public string Home => Path.Combine(Root, "home");

    /// <summary>Where a test puts its services' folders and packages.</summary>
    public string Work => Path.Combine(Root, "work");

    /// <summary>What all of the node's programs get in their environment besides its home; services never see it.</summary>
    public Dictionary<string, string> ExtraEnvironment { get; } = [];

    /// <summary>What its agents are started with besides.</summary>
    public List<string> AgentArguments { get; } = [];

    /// <summary>What its agents have said so far, for a test that failed.</summary>
    public string AgentLog => string.Join('\n', agentSaid);

    public bool AgentHasEnded => agent?.HasExited ?? true;

    public int AgentPid => agent?.Id ?? throw new InvalidOperationException("No agent runs.");

    /// <summary>A node whose agent answers, with development keys and a policy that trusts them.</summary>
    public static Task<TestNode> StartAsync() => StartAsync(Create());

    /// <summary>A node of an account that is nobody's: its programs are a copy that everybody may read.</summary>
    /// <param name="delegated">A cgroup that is this account's; null: it has none.</param>
    public static Task<TestNode> StartWithoutRootAsync(DelegatedCgroup? delegated = null)
    {
        var node = Create();
        var programs = Path.Combine(node.Root, "programs");
        foreach (var file in Directory.EnumerateFiles(Programs.Folder, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(programs, Path.GetRelativePath(Programs.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        node.Run("chmod", "-R", "a+rX", programs);
        node.Run("chown", "65534:65534", node.Root, node.Work);
        node.holdfast = [.. delegated?.Enter ?? [], "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", Path.Combine(programs, "holdfast")];
        return StartAsync(node);
    }

    private static async Task<TestNode> StartAsync(TestNode node)
    {
        await node.HoldfastAsync("keys", "init");
        await node.StartAgentAsync();
        return node;
    }

    /// <summary>A node without keys and agent.</summary>
    /// <param name="root">An empty folder with a short path; null: a new temporary one.</param>
    public static TestNode Create(string? root = null)
    {
        var node = new TestNode(root ?? Directory.CreateTempSubdirectory("hf-").FullName);
        Directory.CreateDirectory(node.Work);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(node.Root, File.GetUnixFileMode(node.Root) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return node;
    }

    /// <summary>A node whose programs are those of a folder.</summary>
    public static Task<TestNode> StartAsync(Func<TestNode, string> programs)
    {
        var node = Create();
        node.holdfast = [Path.Combine(programs(node), "holdfast")];
        return StartAsync(node);
    }

    /// <summary>From now on its commands, and the agents that are started, are run by this command, which becomes them.</summary>
    public void RunBy(string[] command) => holdfast = [.. command, .. holdfast];

    /// <summary>From now on its commands, and the agents that are started, are those of another folder.</summary>
    public void UsePrograms(string folder) => holdfast = [Path.Combine(folder, "holdfast")];

    /// <summary>Another build of the same version, which nobody else can change.</summary>
    public string CopyOfPrograms(string name)
    {
        var folder = Path.Combine(Root, name);
        Directory.CreateDirectory(folder);
        Run("cp", "-r", Programs.Folder + "/.", folder);
        Run("chmod", "-R", "go-w", folder);
        return folder;
    }

    public Task<CommandResult> HoldfastAsync(params string[] arguments) => Programs.RunAsync(holdfast[0], [.. holdfast.Skip(1), .. arguments], Work, Environment());

    /// <summary>A program of the host that must succeed.</summary>
    public void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    public Task StartAgentAsync() => StartAgentAsync(async () => await LookAsync() is not null);

    /// <param name="answers">How it is asked whether it answers.</param>
    public async Task StartAgentAsync(Func<Task<bool>> answers)
    {
        BeginAgent();
        await Eventually.SeeAsync("an agent that answers", async () =>
        {
            Assert.False(AgentHasEnded, $"The agent exited with {(AgentHasEnded ? agent!.ExitCode : 0)}: {(AgentHasEnded ? AgentLog : "")}");
            return await answers();
        }, answered => answered);
    }

    /// <summary>Starts the node's agent without waiting for it.</summary>
    public void BeginAgent()
    {
        agent?.Dispose();
        agent = LaunchAgent();
        agent.ErrorDataReceived += (_, line) => agentSaid.Enqueue(line.Data ?? "");
        agent.BeginErrorReadLine();
        _ = agent.StandardOutput.ReadToEndAsync();
    }

    /// <summary>Starts an agent without waiting for it; the caller owns it.</summary>
    public Process LaunchAgent()
    {
        var start = new ProcessStartInfo(holdfast[0]) { WorkingDirectory = Work, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[.. holdfast.Skip(1), "agent", "--metrics", "127.0.0.1:0", .. AgentArguments])
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in Environment())
            start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException("The agent did not start.");
    }

    public async Task KillAgentAsync()
    {
        agent!.Kill();
        await agent.WaitForExitAsync();
        agent.Dispose();
        agent = null;
    }

    /// <summary>As the machine's power would: agent, supervisors and all that they keep are gone at once, with nothing said.</summary>
    public async Task DieAsync()
    {
        // A guard that has seen its supervisor die before itself has begun another one: until there are none.
        await Eventually.SeeAsync("the end of the node's processes", () =>
        {
            var all = ProcessesOfThisHome().Where(Lives).ToList();
            foreach (var pid in all) _ = Kill(pid, 9);
            return all.Count == 0;
        });
        agent?.Dispose();
        agent = null;
    }

    public async Task StopAgentAsync()
    {
        Signal(AgentPid, 15);
        await agent!.WaitForExitAsync();
        Assert.Equal(0, agent.ExitCode);
        agent.Dispose();
        agent = null;
    }

    public bool HasSupervisor => File.Exists(Path.Combine(Home, "supervisor", "identity.json"));

    public int SupervisorPid
    {
        get
        {
            using var identity = JsonDocument.Parse(File.ReadAllText(Path.Combine(Home, "supervisor", "identity.json")));
            return identity.RootElement.GetProperty("pid").GetInt32();
        }
    }

    /// <summary>0: there is none. Found by its command line: its lock's file cannot be read while it is held, not from here.</summary>
    public int GuardPid => GuardsOf($"\0guard\0--home\0{Home}\0").FirstOrDefault(pid => !CommandLineOf(pid).Contains("\0--service\0", StringComparison.Ordinal));

    /// <summary>Of the service's own supervisor; 0: there is none.</summary>
    public int GuardPidOf(string service) => GuardsOf($"\0guard\0--home\0{Home}\0--service\0{service}\0").FirstOrDefault();

    /// <summary>Of the service's own supervisor; 0: none serves.</summary>
    public int SupervisorPidOf(string service)
    {
        try
        {
            using var identity = JsonDocument.Parse(File.ReadAllText(Path.Combine(Home, "supervisors", service, "identity.json")));
            return identity.RootElement.GetProperty("pid").GetInt32();
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>The row of a service's one instance, as <c>ps -o json</c> has it.</summary>
    public async Task<InstanceRow> PsAsync(string service)
    {
        var listed = await HoldfastAsync("ps", "-o", "json");
        listed.Ok();
        using var rows = JsonDocument.Parse(listed.Output);
        return InstanceRow.From(rows.RootElement.EnumerateArray().Single(row => row.GetProperty("service").GetString() == service));
    }

    public static void Signal(int pid, int signal) => Assert.Equal(0, Kill(pid, signal));

    /// <summary>For one that may just have ended by itself.</summary>
    public static void Try(int pid, int signal) => _ = Kill(pid, signal);

    /// <summary>In bytes, of the pipe that is a process's stdout.</summary>
    public static int PipeCapacity(int pid)
    {
        const int getPipeSize = 1032;
        using var pipe = File.OpenHandle($"/proc/{pid}/fd/1", FileMode.Open, FileAccess.Write);
        return Control(pipe, getPipeSize, 0);
    }

    /// <summary>Zombies do not count: who should bury them is not ours to choose.</summary>
    public static bool Lives(int pid) => Platform.ProcessFacts.Read(pid) is { Ended: false };

    public async ValueTask DisposeAsync()
    {
        if (agent is { HasExited: false })
            await KillAgentAsync();
        // The guard first: it hands the signal on, and ends when the supervisor has. One that is just starting has no supervisor yet.
        foreach (var guard in GuardsOf($"\0guard\0--home\0{Home}\0"))
            await EndAsync(guard);
        if (HasSupervisor && SupervisorPid is var supervisor && IsOfThisHome(supervisor))
            await EndAsync(supervisor);
        foreach (var own in Directory.Exists(Path.Combine(Home, "supervisors")) ? Directory.EnumerateDirectories(Path.Combine(Home, "supervisors")).Select(folder => SupervisorPidOf(Path.GetFileName(folder))) : [])
        {
            if (own > 0 && IsOfThisHome(own))
                await EndAsync(own);
        }

        Directory.Delete(Root, recursive: true);
    }

    /// <summary>Its agent, guards and supervisors, and their descendants, those first that would start others again.</summary>
    public IReadOnlyList<int> ProcessesOfThisHome()
    {
        var parents = new Dictionary<int, int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var pid)) continue;
            try
            {
                var stat = File.ReadAllText(Path.Combine(folder, "stat"));
                parents[pid] = int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
            }
            catch (IOException)
            {
                // It has ended.
            }
        }

        var own = GuardsOf($"\0guard\0--home\0{Home}\0").Concat(parents.Keys.Where(IsOfThisHome)).Concat(agent is { HasExited: false } ? [agent.Id] : []).Distinct().ToList();
        for (var i = 0; i < own.Count; i++) own.AddRange(parents.Where(pair => pair.Value == own[i] && !own.Contains(pair.Key)).Select(pair => pair.Key).ToList());
        return own;
    }

    private static List<int> GuardsOf(string words) =>
    [
        .. Directory.EnumerateDirectories("/proc").Select(folder => int.TryParse(Path.GetFileName(folder), out var pid) ? pid : 0)
            .Where(pid => pid > 0 && CommandLineOf(pid).Contains(words, StringComparison.Ordinal)),
    ];

    private Dictionary<string, string> Environment() => new(ExtraEnvironment) { ["HOLDFAST_HOME"] = Home, ["HOME"] = Root, ["NO_COLOR"] = "1" };

    private async Task EndAsync(int pid)
    {
        // It may just have ended by itself.
        _ = Kill(pid, 15);
        await Eventually.SeeAsync($"the end of PID {pid}", () => !IsOfThisHome(pid));
    }

    /// <summary>The PID may be somebody else's by now: only what was started for this home is ended.</summary>
    private bool IsOfThisHome(int pid) => CommandLineOf(pid).Contains(Home, StringComparison.Ordinal);

    private static string CommandLineOf(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    [DllImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static extern int Control(Microsoft.Win32.SafeHandles.SafeFileHandle handle, int command, nint argument);

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int pid, int signal);
}
