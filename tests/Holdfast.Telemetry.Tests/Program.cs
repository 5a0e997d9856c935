using Holdfast.Telemetry.Tests.Auditing;
using Holdfast.Telemetry.Tests.Metrics;
using Holdfast.Telemetry.Tests.Sources;

namespace Holdfast.Telemetry.Tests;

/// <summary>
/// What crash tests start: <c>append FOLDER</c> appends to an audit log until it is killed. <c>golden FOLDER</c> writes the golden
/// files of the metrics page anew, for a look at the difference. <c>copy FOLDER</c> appends to an audit log and copies it until it is killed. <c>events COUNT</c> writes events of an EventSource when somebody listens.
/// </summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        if (arguments is ["golden", var golden])
            return Golden(golden);
        if (arguments is ["events", var count])
        {
            TestEvents.Run(int.Parse(count, System.Globalization.CultureInfo.InvariantCulture));
            return 0;
        }

        if (arguments is ["copy", var copied])
            Copy(copied);
        if (arguments is not ["append", var folder])
            return 2;
        using var log = LogFolder.Open(folder, TimeProvider.System).Value;
        while (true)
            Console.WriteLine(log.Append(LogFolder.Record("payments")).Value.Sequence);
    }

    private static void Copy(string folder)
    {
        using var log = LogFolder.Open(folder, TimeProvider.System).Value;
        using var copy = CopiedLog.Open(folder, TimeProvider.System);
        var random = new Random();
        while (true)
        {
            for (var entries = random.Next(1, 20); entries > 0; entries--)
                log.Append(LogFolder.Record("payments"));
            copy.Turn(log.Head, out _);
            Console.WriteLine(copy.Copied.Sequence);
        }
    }

    private static int Golden(string folder)
    {
        foreach (var (file, accept) in MetricsPageTests.GoldenFiles)
            File.WriteAllBytes(Path.Combine(folder, file), MetricsPageTests.Page(accept).Body);
        return 0;
    }
}
