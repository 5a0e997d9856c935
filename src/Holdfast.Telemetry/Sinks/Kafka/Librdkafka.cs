using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace Holdfast.Telemetry.Sinks.Kafka;

/// <summary>
/// Finds the system's librdkafka (Debian: librdkafka1), or one beside the program. The client library would bring builds of its own for some systems; the system's is the one that its administrators
/// keep up to date.
/// </summary>
internal static class Librdkafka
{
    private static readonly Lock gate = new();
    private static bool isRegistered, isReady;

    /// <summary>It is not there; a sentence.</summary>
    public static string WhyNot => OperatingSystem.IsWindows() ? "librdkafka.dll is not beside the program" : "librdkafka is not there; it is Debian's package librdkafka1";

    /// <summary>To be called before the client library is first used. Throws DllNotFoundException and what goes with it.</summary>
    public static void Register()
    {
        lock (gate)
        {
            if (!isRegistered) NativeLibrary.SetDllImportResolver(typeof(Library).Assembly, Resolve);
            isRegistered = true;
            if (!isReady) LeaderEpochs.AnswerForOlderOnes();
            isReady = true;
        }
    }

    /// <summary>Zero: it is searched for in the ordinary way.</summary>
    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (OperatingSystem.IsWindows()) return 0;
        var wanted = name.Contains("librdkafka", StringComparison.Ordinal) ? "librdkafka.so.1" : name == "libdl" ? "libdl.so.2" : null;
        return wanted is not null && NativeLibrary.TryLoad(wanted, out var found) ? found : 0;
    }
}
