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
    private static bool isRegistered;

    /// <summary>To be called before the client library is first used.</summary>
    public static void Register()
    {
        lock (gate)
        {
            if (isRegistered) return;
            isRegistered = true;
            NativeLibrary.SetDllImportResolver(typeof(Library).Assembly, Resolve);
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
