using Holdfast.Core.NativeServices;
using Holdfast.Core.Problems;
using Holdfast.Platform.Windows.Services;

namespace Holdfast.Windows.Selftest.Services;

/// <summary>A service of this program's that is installed for one test, and what was seen of it.</summary>
internal sealed class TestService : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(20);

    private readonly string trace = Path.GetTempFileName();
    private readonly Lock gate = new();
    private readonly List<NativeStatus> seen = [];
    private readonly ManualResetEventSlim done = new();
    private readonly Thread poller;

    public TestService(string script, Func<NativeServiceConfig, NativeServiceConfig>? change = null)
    {
        Config = new()
        {
            Name = Name,
            DisplayName = $"Holdfast test 注文 {Name}",
            Description = "A test's; it may be deleted",
            CommandLine = $"\"{Environment.ProcessPath}\" patient native-service {Name} \"{script}\" \"{trace}\"",
            StartType = NativeStartType.Manual,
            Account = ScmAccount.LocalSystem,
            PreshutdownTimeout = TimeSpan.FromSeconds(70),
            ServiceSid = ServiceSidType.None,
        };
        Config = change?.Invoke(Config) ?? Config;
        var installed = Scm.Install(Config, []);
        Assert.Empty(installed.Problems);
        Refused = installed.Value;
        poller = new Thread(Poll) { IsBackground = true };
        poller.Start();
    }

    public string Name { get; } = "holdfast-test-" + Guid.NewGuid().ToString("N")[..8];

    public ServiceControlManager Scm { get; } = ServiceControlManager.Local();

    public NativeServiceConfig Config { get; }

    public IReadOnlyList<RefusedSetting> Refused { get; }

    /// <summary>Every status that was seen, without repeats.</summary>
    public IReadOnlyList<NativeStatus> Seen
    {
        get
        {
            lock (gate) return [.. seen];
        }
    }

    /// <summary>What it was told to do.</summary>
    public IReadOnlyList<string> Done => File.ReadAllLines(trace);

    public NativeStatus Status => Scm.Status(Name).Value.Status;

    public int ProcessId => Scm.Status(Name).Value.ProcessId;

    public void Start() => Assert.Empty(Scm.Start(Name).Problems);

    public void Control(NativeControl control) => Assert.Empty(Scm.Control(Name, control).Problems);

    /// <summary>Which rule a control breaks; null: it was taken.</summary>
    public string? Refusal(NativeControl control) => Scm.Control(Name, control).Problems is [var problem] ? problem.Rule : null;

    public NativeStatus WaitFor(Func<NativeStatus, bool> what, string words)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < Patience)
        {
            if (Seen is { Count: > 0 } all && what(all[^1])) return all[^1];
            done.Wait(PollEvery);
        }

        throw new TimeoutException($"{words} did not come; seen: {string.Join(", ", Seen)}");
    }

    public NativeStatus WaitFor(NativeState state) => WaitFor(status => status.State == state, state.ToString());

    /// <summary>What the SCM said to its removal; empty: it took it, or was not asked yet.</summary>
    public IReadOnlyList<Problem> Removal { get; private set; } = [];

    public void Dispose()
    {
        done.Set();
        poller.Join();
        _ = Scm.Control(Name, NativeControl.Stop);
        Removal = Scm.Delete(Name).Problems;
        File.Delete(trace);
    }

    private void Poll()
    {
        while (!done.Wait(PollEvery))
        {
            if (!Scm.Status(Name).TryGet(out var observed)) continue;
            lock (gate)
            {
                if (seen.Count == 0 || seen[^1] != observed.Status) seen.Add(observed.Status);
            }
        }
    }
}
