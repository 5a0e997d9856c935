using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Holdfast.Platform;
using Holdfast.Testing.Processes;
using Holdfast.Windows.Selftest.Running;

namespace Holdfast.Windows.Selftest.Patients;

/// <summary>What the tests start: this program itself, told what to do. Nothing else is sure to be on a Windows machine.</summary>
internal static class Patient
{
    private static readonly Stream output = Console.OpenStandardOutput();

    /// <summary>How a test starts it.</summary>
    public static Launch Launch(params string[] what) => new()
    {
        Executable = Environment.ProcessPath!,
        Arguments = ["patient", .. what],
        Environment = BaseEnvironment.For(Path.GetTempPath()),
        WorkingFolder = AppContext.BaseDirectory,
    };

    /// <summary>As a service opens the pipe that NOTIFY_SOCKET names.</summary>
    public static FileStream OpenNotify(string address) => new(address, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

    public static int Run(string[] what)
    {
        switch (what)
        {
            case ["exit", var code]:
                return int.Parse(code, CultureInfo.InvariantCulture);
            case ["native-service", var name, var script, var trace]:
                return ScriptedService.Run(name, script, trace);
            case ["sleep"]:
                Thread.CurrentThread.Join();
                return 0;
            case ["arguments", .. var arguments]:
                Say(string.Concat(arguments.Select(text => text + "|")));
                return 0;
            case ["variables"]:
                foreach (System.Collections.DictionaryEntry pair in Environment.GetEnvironmentVariables()) Say($"{pair.Key}={pair.Value}\n");
                return 0;
            case ["folder"]:
                Say(Environment.CurrentDirectory);
                return 0;
            case ["words"]:
                Say("out\n");
                using (var errors = Console.OpenStandardError()) errors.Write("err\n"u8);
                return 0;
            case ["input"]:
                Say($"{Console.OpenStandardInput().Read(new byte[1])} {Console.OpenStandardInput().Read(new byte[1])}");
                return 0;
            case ["count"]:
                Say(CountInput().ToString(CultureInfo.InvariantCulture));
                return 0;
            case ["much", var bytes]:
                output.Write(new byte[int.Parse(bytes, CultureInfo.InvariantCulture)]);
                return 0;
            case ["family", var file]:
                // A child that lives on when its parent is gone, with a child of its own.
                StartAgain("parent", file);
                return 0;
            case ["parent", var file]:
                File.WriteAllText(file, $"{Environment.ProcessId} {StartAgain("sleep").Id}");
                Thread.CurrentThread.Join();
                return 0;
            case ["until", var gate]:
                while (!File.Exists(gate)) Thread.Yield();
                return 0;
            case ["handle", var number]:
                Say(Handles.IsOpen(nint.Parse(number, CultureInfo.InvariantCulture)) ? "open" : "closed");
                return 0;
            case ["work", var file]:
                Work();
                File.WriteAllText(file, "done");
                Thread.CurrentThread.Join();
                return 0;
            case ["signals"]:
                return TellSignals();
            case ["deaf"]:
                using (PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true))
                using (PosixSignalRegistration.Create(PosixSignal.SIGQUIT, context => context.Cancel = true))
                {
                    Say("ready\n");
                    Thread.CurrentThread.Join();
                }

                return 0;
            case ["notify", var address]:
                using (var sender = OpenNotify(address)) sender.Write("READY=1"u8);
                return 0;
            case ["connect", var address]:
                // Until the other end is closed.
                using (var pipe = new FileStream(address, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0)) _ = pipe.Read(new byte[1]);
                return 0;
            case ["memory", var mebibytes]:
                Say(TakeMemory(int.Parse(mebibytes, CultureInfo.InvariantCulture)));
                return 0;
            case ["many", var count]:
                for (var i = int.Parse(count, CultureInfo.InvariantCulture); i > 0; i--) StartAgain("sleep");
                return 0;
            case ["service", .. var ways]:
                return Serve(ways);
            case ["beat", var file, .. var more]:
                return Beat(file, withChild: more is ["with-child"]);
            case ["append", var file, var word]:
                File.AppendAllText(file, word + "\n");
                return 0;
            case ["pausable", var port, var file]:
                return ServePauses(int.Parse(port, CultureInfo.InvariantCulture), file);
            case ["requests", var file]:
                using (var asked = new ManualResetEventSlim())
                using (EndRequests.Hear(_ => asked.Set()))
                {
                    File.WriteAllText(file, "");
                    asked.Wait();
                }

                return 8;
            case ["storm", var file]:
                while (true)
                {
                    StartAgain("sleep");
                    using (var told = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) told.WriteByte((byte)'x');
                }

            case ["keep", var home, var file]:
                return Keep(home, file);
            default:
                Console.Error.WriteLine($"no patient does that: {string.Join(' ', what)}");
                return 99;
        }
    }

    private static void Say(string text)
    {
        output.Write(Encoding.UTF8.GetBytes(text));
        output.Flush();
    }

    private static long CountInput()
    {
        using var input = Console.OpenStandardInput();
        var buffer = new byte[64 * 1024];
        long count = 0;
        for (int read; (read = input.Read(buffer)) > 0;) count += read;
        return count;
    }

    private static Process StartAgain(params string[] what) =>
        StartedProcess.Start(new ProcessStartInfo(Environment.ProcessPath!, ["patient", .. what]) { UseShellExecute = false });

    private static void Work()
    {
        var until = Process.GetCurrentProcess().TotalProcessorTime + TimeSpan.FromMilliseconds(200);
        while (Process.GetCurrentProcess().TotalProcessorTime < until) Thread.SpinWait(10_000);
    }

    /// <summary>A service as there are many: says that it is up, and ends in order when it is asked to.</summary>
    private static int Serve(string[] ways)
    {
        using var heard = new HeardSignals();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, heard.Take);
        using var listener = ways is ["port", var port] ? new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture)) : null;
        listener?.Start();
        Say($"up {Environment.ProcessId} 中文\n");
        if (ways is ["notify"])
        {
            using var sender = OpenNotify(Environment.GetEnvironmentVariable("NOTIFY_SOCKET")!);
            sender.Write("READY=1\nSTATUS=serving"u8);
        }

        heard.Next();
        Say("down\n");
        return 0;
    }

    /// <summary>Shows that it lives by a file that grows, and that it was asked to end by another one.</summary>
    private static int Beat(string file, bool withChild)
    {
        using var asked = new ManualResetEventSlim();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = true;
            asked.Set();
        });
        if (withChild) StartAgain("beat", file + ".child");
        while (!asked.Wait(TimeSpan.FromMilliseconds(1)))
        {
            using var beats = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            beats.WriteByte((byte)'x');
        }

        File.WriteAllText(file + ".down", "");
        return 0;
    }

    /// <summary>A service that is told by HTTP to pause and to go on: it writes down what it is asked, and does it.</summary>
    private static int ServePauses(int port, string file)
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, port);
        listener.Start();
        while (true)
        {
            using var client = listener.AcceptTcpClient();
            using var reader = new StreamReader(client.GetStream());
            File.AppendAllText(file, reader.ReadLine() + "\n");
            client.GetStream().Write("HTTP/1.1 204 No Content\r\n\r\n"u8);
        }
    }

    private static unsafe string TakeMemory(int mebibytes)
    {
        try
        {
            // Taken in pieces and written to, so that it is really had.
            for (var i = 0; i < mebibytes; i++) new Span<byte>(NativeMemory.Alloc(1 << 20), 1 << 20).Fill(1);
            return "had";
        }
        catch (OutOfMemoryException)
        {
            return "limited";
        }
    }

    private static int TellSignals()
    {
        using var told = new HeardSignals();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, told.Take);
        using var broke = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, told.Take);
        Say("ready\n");
        Say(told.Next() + "\n");
        return 7;
    }

    /// <summary>A supervisor in small: keeps a family in a container, and lives until it is killed.</summary>
    private static int Keep(string home, string file)
    {
        using var host = ProcessHost.Create(new(new Home(home)));
        var container = host.Open("patient", new()).Value;
        _ = host.Start(container, Launch("family", file)).Value;
        var events = new List<HostEvent>();
        while (true) host.Wait(HostHarness.Generous, events);
    }
}
