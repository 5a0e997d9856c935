using System.Collections.Concurrent;
using Holdfast.Core.Problems;
using Holdfast.Node.Packages;
using Holdfast.Platform;
using Holdfast.Segments;
using Holdfast.Telemetry.Sources.Files;
using Microsoft.Extensions.Logging;

namespace Holdfast.Node.Sources;

/// <summary>
/// Reads what the services of this node write into their own files, for those whose spec names some: as long as the service is known here, whether it runs or not. One thread does it for all,
/// in turns.
/// </summary>
internal sealed class FileKeeper(Home home, PackageStore packages, SegmentKeys keys, TimeProvider time, ILogger<FileKeeper> log)
{
    /// <summary>A secret that was renewed is known so soon; a service is given it at its next start.</summary>
    private static readonly TimeSpan SecretsEvery = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, FollowedService> wanted = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Following> following = new(StringComparer.Ordinal);
    private readonly Lock turn = new();

    /// <summary>What is not read, or not stored, by instance; from any thread.</summary>
    public IReadOnlyList<Problem> Problems { get; private set; } = [];

    /// <summary>The service is on this node, with this spec. From any thread.</summary>
    public void Want(FollowedService service)
    {
        ArgumentNullException.ThrowIfNull(service);
        // One that was never here has no data here.
        if (service.Spec.Output.Files.Count == 0 || !Directory.Exists(Path.Combine(home.Instances, service.Instance))) wanted.TryRemove(service.Instance, out _);
        else if (!wanted.TryGetValue(service.Instance, out var known) || !ReferenceEquals(known.Spec, service.Spec) || known.PackageDigest != service.PackageDigest) wanted[service.Instance] = service;
    }

    /// <summary>
    /// The service is about to be started: what stands in its folders now is of before. From then on no file of it is made without being one that is read, however soon it is rotated.
    /// </summary>
    public void Begin(FollowedService service)
    {
        Want(service);
        if (!wanted.ContainsKey(service.Instance)) return;
        lock (turn)
        {
            if (!following.ContainsKey(service.Instance)) Turn(Use(service));
        }
    }

    /// <summary>No others are on this node any more. What they had written by now is read.</summary>
    public void KeepOnly(IReadOnlySet<string> instances)
    {
        foreach (var gone in wanted.Keys.Where(instance => !instances.Contains(instance)).ToList()) wanted.TryRemove(gone, out _);
    }

    /// <summary>Returns when nothing of the instance is read or written any more: its folders are about to be removed.</summary>
    public void End(string instance)
    {
        wanted.TryRemove(instance, out _);
        lock (turn)
        {
            if (following.Remove(instance, out var one)) one.Follower.Dispose();
        }
    }

    public async Task RunAsync(CancellationToken cancel)
    {
        try
        {
            while (!cancel.IsCancellationRequested)
            {
                var rest = await Task.Run(Turn, cancel);
                await Task.Delay(rest, time, cancel);
            }
        }
        finally
        {
            lock (turn)
            {
                foreach (var one in following.Values) one.Follower.Dispose();
                following.Clear();
            }
        }
    }

    /// <returns>How long nothing has to be done.</returns>
    private TimeSpan Turn()
    {
        var rest = FollowLimits.LookWhileIdle;
        List<Problem> problems = [];
        lock (turn)
        {
            foreach (var service in wanted.Values)
            {
                var one = Use(service);
                if (one.Due > time.GetTimestamp() && one.Why is null) rest = Sooner(rest, time.GetElapsedTime(time.GetTimestamp(), one.Due));
                else rest = Sooner(rest, Turn(one));
                problems.AddRange(ProblemsOf(one));
            }

            foreach (var gone in following.Where(one => !wanted.ContainsKey(one.Key)).ToList())
            {
                Turn(gone.Value);
                gone.Value.Follower.Dispose();
                following.Remove(gone.Key);
            }
        }

        Problems = problems;
        return rest;
    }

    private Following Use(FollowedService service)
    {
        if (following.TryGetValue(service.Instance, out var one) && ReferenceEquals(one.Service, service) && time.GetElapsedTime(one.SecretsRead) < SecretsEvery) return one;
        var values = one?.Secrets ?? new(StringComparer.Ordinal);
        var before = values.Count;
        var settings = service.Prepare(FollowedService.FolderOf(home, service.Instance)).Then(_ => service.Settings(packages, values));
        var why = settings.IsOk ? null : settings.Problems[0];
        if (one is null || one.Service.Spec.Output.Files != service.Spec.Output.Files)
        {
            one?.Follower.Dispose();
            var begin = settings.TryGet(out var first) ? first : Nothing(service);
            one = new(service, new FileFollower(FollowedService.FolderOf(home, service.Instance), begin, service.Files(home), time, keys), values);
            following[service.Instance] = one;
            Log.Follows(log, service.Instance, service.Spec.Output.Files.Count);
        }
        else if (settings.TryGet(out var changed) && (values.Count != before || one.Why is not null || !ReferenceEquals(one.Service, service)))
        {
            one.Follower.Use(changed);
        }

        (one.Service, one.Why, one.SecretsRead) = (service, why, time.GetTimestamp());
        return one;
    }

    /// <summary>What nothing is read by before the real ones are there.</summary>
    private static FollowSettings Nothing(FollowedService service) => FollowSettings.From(service.Spec.Output with { Redaction = new() }, []).Value;

    private TimeSpan Turn(Following one)
    {
        if (one.Why is not null) return FollowLimits.LookWhileIdle;
        try
        {
            var rest = one.Follower.Turn() ? TimeSpan.Zero : one.Follower.Rest;
            one.Due = time.GetTimestamp() + (long)(rest.TotalSeconds * time.TimestampFrequency);
            return rest;
        }
        catch (Exception bug)
        {
            // A bug in what one service has must not keep the others' lines; what was read of it is in its segments, and it begins there.
            Log.Failed(log, one.Service.Instance, bug);
            one.Follower.Dispose();
            following.Remove(one.Service.Instance);
            return FollowLimits.LookWhileIdle;
        }
    }

    private static IEnumerable<Problem> ProblemsOf(Following one) => one.Why is { } why
        ? [why with { What = $"{one.Service.Instance}: {why.What}" }]
        : one.Follower.Status.Troubles.Select(trouble => new Problem(ProblemKind.Failed, "files.not-read", $"{one.Service.Instance}: {trouble}"));

    private static TimeSpan Sooner(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private sealed class Following(FollowedService service, FileFollower follower, HashSet<string> secrets)
    {
        public FollowedService Service { get; set; } = service;

        public FileFollower Follower => follower;

        /// <summary>All values that its secrets have had.</summary>
        public HashSet<string> Secrets => secrets;

        /// <summary>Why nothing is read; null: it is.</summary>
        public Problem? Why { get; set; }

        public long SecretsRead { get; set; }

        public long Due { get; set; }
    }
}
