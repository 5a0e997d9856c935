using System.Diagnostics;
using System.Text;
using Holdfast.Core.Services;
using Holdfast.Platform;

namespace Holdfast.Testing.Processes;

/// <summary>A process host in a home of its own, with the ways a test needs to run small shell scripts in it; leaves nothing behind.</summary>
public sealed class HostHarness : IDisposable
{
    /// <summary>What no test should come near, however loaded the machine is.</summary>
    public static readonly TimeSpan Generous = TimeSpan.FromSeconds(30);

    private readonly List<IContainer> containers = [];

    public HostHarness(ProcessHostOptions? options = null)
    {
        Folder = Directory.CreateTempSubdirectory("holdfast-host-").FullName;
        Home = new(Path.Combine(Folder, "home"));
        Host = ProcessHost.Create(new(Home), options);
    }

    public string Folder { get; }

    public Home Home { get; }

    public IProcessHost Host { get; }

    /// <summary>Everything told so far, in order.</summary>
    public List<HostEvent> Events { get; } = [];

    public IContainer Open(string name = "patient", LimitsSpec? limits = null)
    {
        var container = Host.Open(name, limits ?? new()).Value;
        containers.Add(container);
        return container;
    }

    public ChildProcess Start(IContainer container, string script, Func<Launch, Launch>? change = null) =>
        Host.Start(container, Shell(script, change)).Value;

    public static Launch Shell(string script, Func<Launch, Launch>? change = null)
    {
        var launch = new Launch
        {
            Executable = "/bin/sh",
            Arguments = ["-c", script],
            Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin:/usr/sbin:/sbin" },
            WorkingFolder = "/",
        };
        return change is null ? launch : change(launch);
    }

    /// <summary>Runs the script to its end and returns what it wrote to stdout, and how it ended.</summary>
    public (string Output, ProcessExit Exit) Run(IContainer container, string script, Func<Launch, Launch>? change = null)
    {
        using var pipe = Pipe.Create();
        var process = Start(container, script, launch => (change is null ? launch : change(launch)) with { Stdout = pipe.Write.Handle });
        pipe.Write.Dispose();
        var output = ReadToEnd(pipe.Read);
        return (output, ExitOf(process));
    }

    public ProcessExit ExitOf(ChildProcess process) =>
        WaitFor<HostEvent.Exited>(exited => exited.Process == process).Exit;

    public void WaitUntilEmptied(IContainer container) => WaitFor<HostEvent.Emptied>(emptied => emptied.Container == container);

    public T WaitFor<T>(Func<T, bool> wanted)
        where T : HostEvent
    {
        var until = BootClock.SinceBoot + Generous;
        while (true)
        {
            if (Events.OfType<T>().FirstOrDefault(wanted) is { } found)
                return found;
            var left = until - BootClock.SinceBoot;
            if (left <= TimeSpan.Zero)
                throw new TimeoutException($"Waited {Generous} for {typeof(T).Name}; told so far: {string.Join(", ", Events)}.");
            Host.Wait(left, Events);
        }
    }

    /// <summary>Goes on handling the host's events until it is true.</summary>
    public void WaitUntil(Func<bool> condition, string what)
    {
        var until = BootClock.SinceBoot + Generous;
        while (!condition())
        {
            if (BootClock.SinceBoot > until)
                throw new TimeoutException($"Waited {Generous} until {what}.");
            Host.Wait(TimeSpan.FromMilliseconds(5), Events);
        }
    }

    public static string ReadToEnd(PipeReadEnd pipe)
    {
        using var readiness = Readiness.Create();
        readiness.Add(pipe.Handle, 1);
        var until = BootClock.SinceBoot + Generous;
        var all = new MemoryStream();
        var buffer = new byte[65536];
        while (BootClock.SinceBoot < until)
        {
            var (state, bytes) = pipe.Read(buffer);
            if (state == ReadState.End)
                return Encoding.UTF8.GetString(all.ToArray());
            if (state == ReadState.Data)
                all.Write(buffer, 0, bytes);
            else
                readiness.Wait(new ReadyEvent[1], until - BootClock.SinceBoot);
        }

        throw new TimeoutException($"Waited {Generous} for the end of a pipe; read so far: {Encoding.UTF8.GetString(all.ToArray())}");
    }

    /// <summary>The system knows it as one, with threads.</summary>
    public static bool IsProcess(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    public void Dispose()
    {
        foreach (var container in containers)
            container.Kill();
        foreach (var container in containers)
        {
            // Wine 8 may count one that was never born (ContainingTests).
            WaitUntil(() => container.IsEmpty || !container.Members().Any(IsProcess), $"{container.Id} is empty");
            _ = container.Remove();
        }

        Host.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
