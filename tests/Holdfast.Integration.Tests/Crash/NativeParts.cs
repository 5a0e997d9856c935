using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests.Crash;

/// <summary>The C files beside this one, compiled once per run of the tests.</summary>
internal static class NativeParts
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Crash"), Cluster = Path.Combine(AppContext.BaseDirectory, "Cluster");
    private static readonly Lazy<Task<string>> inject = new(() => BuildAsync("inject", "inject.so", "-shared", "-fPIC", "-ldl", "-lpthread"));
    private static readonly Lazy<Task<string>> patient = new(() => BuildAsync("patient", "patient"));
    private static readonly Lazy<Task<string>> worker = new(() => BuildAsync(Cluster, "worker", "worker", []));

    /// <summary>The library that is loaded into our programs.</summary>
    public static Task<string> InjectAsync() => inject.Value;

    /// <summary>The service whose lines can be accounted for.</summary>
    public static Task<string> PatientAsync() => patient.Value;

    /// <summary>The service whose effects say in which epoch they were done.</summary>
    public static Task<string> WorkerAsync() => worker.Value;

    private static Task<string> BuildAsync(string source, string name, params string[] options) => BuildAsync(Folder, source, name, options);

    private static async Task<string> BuildAsync(string folder, string source, string name, string[] options)
    {
        var built = Path.Combine(folder, name);
        var file = Path.Combine(folder, source + ".c");
        (await Programs.RunAsync("gcc", ["-O2", "-Wall", "-Wextra", "-Werror", "-o", built, file, .. options], folder)).Ok();
        return built;
    }
}

/// <summary>A test that loads a library of its own into our programs.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CrashFactAttribute : FactAttribute
{
    public CrashFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
            Skip = "the library that ends a process in the middle of a call is Linux'";
        else if (!Programs.Has("gcc"))
            Skip = "needs gcc: the library is compiled by the test";
    }
}
