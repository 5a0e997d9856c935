using System.Collections;
using Holdfast.Core.Problems;
using Holdfast.Platform;

namespace Holdfast.Node.Supervisors;

/// <summary>
/// Finds a supervisor of the home or starts it, by its guard. They outlive who started them: whoever asks first starts them, and where
/// two ask at once a lock lets only one live, to which both then connect.
/// </summary>
public static class SupervisorLauncher
{
    private const string Silence = "its log is empty";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>The supervisor's executable beside our own.</summary>
    public static string DefaultExecutable =>
        Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "holdfast-supervisor.exe" : "holdfast-supervisor");

    /// <summary>A connected client; the supervisor was running, or is now.</summary>
    /// <param name="executable">Null: <see cref="DefaultExecutable"/>.</param>
    /// <returns>Or why there is none, with the last words of its log.</returns>
    public static async Task<Outcome<SupervisorClient>> EnsureRunningAsync(SupervisorPlace place, TimeProvider time, CancellationToken cancel, string? executable = null)
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(time);
        var client = new SupervisorClient(place, time);
        var connected = await client.ConnectAsync(cancel).ConfigureAwait(false);
        if (connected.IsOk) return client;

        // Somebody else's supervisor, or one that is too far away in version, is not replaced behind its back.
        var problems = connected.Problems;
        if (problems[0].Kind == ProblemKind.Conflict)
        {
            await client.DisposeAsync().ConfigureAwait(false);
            return Outcome.Failed<SupervisorClient>(problems);
        }

        problems = await StartAsync(client, place, executable ?? DefaultExecutable, time, cancel).ConfigureAwait(false);
        if (problems.Count == 0) return client;
        await client.DisposeAsync().ConfigureAwait(false);
        return Outcome.Failed<SupervisorClient>(problems);
    }

    /// <summary>No supervisor runs there, and no guard: then none is being started either.</summary>
    public static bool IsNobodyThere(SupervisorPlace place, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(place);
        return IsFree(place.GuardLock, time) && IsFree(place.Lock, time);
    }

    private static Outcome<DetachedProcess> Start(SupervisorPlace place, string executable)
    {
        if (!File.Exists(executable))
            return new Problem(ProblemKind.NotFound, "supervisor.not-installed", $"{executable} is not there") { Mend = "holdfast-supervisor belongs beside holdfast: install both" };
        var folder = place.MakeFolder();
        if (!folder.IsOk) return Outcome.Failed<DetachedProcess>(folder.Problems);

        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            environment[(string)variable.Key] = (string?)variable.Value ?? "";

        // No debugger, profiler or diagnostics threads and pipes in what every service hangs on, unless somebody asks for them.
        environment.TryAdd("DOTNET_EnableDiagnostics", "0");
        environment.TryAdd("DOTNET_GCgen0size", SystemdUnits.SupervisorGarbageBytes);
        return DetachedProcess.Start(executable, ["guard", .. place.Arguments], environment, place.Log);
    }

    /// <summary>Where a guard is at work already, it starts the supervisor, and this only waits.</summary>
    private static async Task<IReadOnlyList<Problem>> StartAsync(SupervisorClient client, SupervisorPlace place, string executable, TimeProvider time, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        DetachedProcess? process = null;
        while (true)
        {
            if (process is null && IsNobodyThere(place, time))
            {
                var started = Start(place, executable);
                if (!started.TryGet(out process)) return started.Problems;
            }

            var alive = process is null || ProcessFacts.IsAlive(process.Pid, process.CreationTime);
            var connected = await client.ConnectAsync(cancel).ConfigureAwait(false);
            if (connected.IsOk) return [];
            var late = time.GetElapsedTime(began) > Patience;
            // Ours may have lost against another one that is still starting: only when nobody holds a lock is it over.
            if (late || (!alive && IsNobodyThere(place, time)))
            {
                return
                [
                    new Problem(ProblemKind.Failed, "supervisor.not-started", late ? $"no supervisor answered within {Patience.TotalSeconds:0} s" : "the supervisor ended while it was starting")
                    {
                        Why = LastWords.Of(place.Log) ?? Silence,
                        Mend = $"see {place.Log}",
                    },
                ];
            }

            await Task.Delay(Pause, time, cancel).ConfigureAwait(false);
        }
    }

    private static bool IsFree(string path, TimeProvider time)
    {
        var taken = FileLock.TryTake(path, time);
        if (taken.TryGet(out var held)) held.Dispose();
        return taken.IsOk || taken.Problems[0].Kind != ProblemKind.Conflict;
    }
}
