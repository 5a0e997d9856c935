using Holdfast.Platform;
using Holdfast.Testing.Processes;
using Holdfast.Windows.Selftest.Patients;

namespace Holdfast.Windows.Selftest.Processes;

/// <summary>How tests run patients in the harness that both systems share.</summary>
internal static class PatientHost
{
    public static ChildProcess StartPatient(this HostHarness host, IContainer container, params string[] what) =>
        host.Host.Start(container, Patient.Launch(what)).Value;

    /// <summary>Runs it to its end and returns what it wrote to stdout, and how it ended.</summary>
    public static (string Output, ProcessExit Exit) Run(this HostHarness host, IContainer container, Launch launch)
    {
        using var pipe = Pipe.Create();
        var process = host.Host.Start(container, launch with { Stdout = pipe.Write.Handle }).Value;
        pipe.Write.Dispose();
        var output = HostHarness.ReadToEnd(pipe.Read);
        return (output, host.ExitOf(process));
    }

    /// <summary>The PIDs that a family has written to the file.</summary>
    public static int[] WaitForFamily(this HostHarness host, string file)
    {
        host.WaitUntil(() => Read(file).Contains(' ', StringComparison.Ordinal), "the family lives");
        return [.. Read(file).Split(' ').Select(int.Parse)];
    }

    public static string Read(string path)
    {
        try
        {
            if (!File.Exists(path)) return "";
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return new StreamReader(file).ReadToEnd().Trim();
        }
        catch (IOException)
        {
            // It is just being written.
            return "";
        }
    }

    public static bool IsRunning(int pid) => ProcessFacts.Read(pid) is { Ended: false };
}
