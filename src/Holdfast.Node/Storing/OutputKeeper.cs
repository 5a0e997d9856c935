using System.Collections.Concurrent;
using Holdfast.Core.Capture;
using Holdfast.Core.Problems;
using Holdfast.Core.Services.Units;
using Holdfast.Core.Shipping;
using Holdfast.Node.Shipping;
using Holdfast.Platform;
using Holdfast.Segments;
using Microsoft.Extensions.Logging;

namespace Holdfast.Node.Storing;

/// <summary>
/// Looks after the output of all services on this node's disk by <c>policy/output.yaml</c>: packs segments that are closed, and keeps a part of the disk free. Their writers go on beside it: what is
/// open is theirs.
/// </summary>
internal sealed class OutputKeeper(Home home, ShippingKeeper shipping, SegmentKeys keys, TimeProvider time, ILogger<OutputKeeper> log)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5), PackEvery = TimeSpan.FromSeconds(30), LeftFor = TimeSpan.FromMinutes(1);

    private readonly Lock turn = new();
    private readonly ConcurrentDictionary<string, long> leaving = new(StringComparer.Ordinal);
    private readonly HashSet<string> swept = new(StringComparer.Ordinal);
    private HashSet<(string Folder, string Name)> seen = [];
    private OutputPolicy policy = OutputPolicy.Usual;
    private SegmentKey? encryptWith;
    private string? taken;
    private IReadOnlyList<Problem> policyTroubles = [];
    private Problem? keyTrouble, packTrouble, reserveTrouble;
    private long packed;

    /// <summary>What is wrong; from any thread.</summary>
    public IReadOnlyList<Problem> Problems { get; private set; } = [];

    /// <summary>Returns when nothing is written into the instance's folders any more: they are about to be removed.</summary>
    public void End(string instance)
    {
        leaving[instance] = time.GetTimestamp();
        lock (turn)
        {
            // Whoever packs now has ended, and sees it before the next.
        }
    }

    public async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await Task.Run(() => Look(cancel), cancel);
            }
            catch (Exception bug) when (!cancel.IsCancellationRequested)
            {
                // It deletes and packs nothing, and the services' output goes on.
                Log.Failed(log, bug);
            }

            await Task.Delay(LookEvery, time, cancel);
        }
    }

    /// <summary>Looks once.</summary>
    public void Look(CancellationToken cancel)
    {
        // Whoever is deployed again under the name of one that was removed is looked after as well.
        foreach (var gone in leaving.Where(one => time.GetElapsedTime(one.Value) > LeftFor).ToList()) leaving.TryRemove(gone.Key, out _);
        TakePolicy();
        TakeKeys();
        try
        {
            KeepReserve();
            if (policy.Packs && keyTrouble is null && (packed == 0 || time.GetElapsedTime(packed) >= PackEvery))
            {
                Pack(cancel);
                packed = time.GetTimestamp();
            }

            if (!policy.Packs) packTrouble = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            packTrouble = new(ProblemKind.Failed, "output.not-read", $"the output in {home.Output} cannot be looked after: {e.Message}");
        }

        Problems = [.. policyTroubles, .. new[] { keyTrouble, packTrouble, reserveTrouble }.OfType<Problem>()];
    }

    private void TakePolicy()
    {
        var text = OutputPolicyFile.Text(home);
        if (text.IsOk && text.Value == taken) return;
        var read = text.Then(content => OutputPolicyFile.Parse(content, OutputPolicyFile.Of(home)));
        taken = text.IsOk ? text.Value : null;
        if (read.TryGet(out var found))
        {
            (policy, policyTroubles, packed) = (found, [], 0);
            return;
        }

        if (!policyTroubles.SequenceEqual(read.Problems)) Log.PolicyNotRead(log, string.Join("; ", read.Problems));
        policyTroubles = read.Problems;
    }

    /// <summary>Also where nothing is encrypted any more: what was stays readable.</summary>
    private void TakeKeys()
    {
        var file = SegmentKeyFile.Of(home);
        var read = SegmentKeyFile.Read(file);
        // In the place of one that is gone no other is made: it would not open what there is, and be in the way of the one that is put back.
        if (read.IsOk && read.Value.Count == 0 && !keys.IsEmpty) read = new Problem(ProblemKind.Damaged, "output.key", $"{file} is gone") { Why = "until the agent ends it still has the keys that were in it", Mend = "restore it from a backup" };
        else if (read.IsOk && read.Value.Count == 0 && policy.Encrypt) read = SegmentKeyFile.Make(home);
        keyTrouble = read.IsOk ? null : read.Problems[0];
        if (read.IsOk) keys.Replace(read.Value);
        encryptWith = policy.Encrypt && read.IsOk ? read.Value[0] : null;
    }

    private void KeepReserve()
    {
        // On Windows a share has no drive, and nobody says what is free there.
        if (!Directory.Exists(home.Output) || home.Output.StartsWith(@"\\", StringComparison.Ordinal)) return;
        var disk = new DriveInfo(home.Output);
        var (total, free) = (disk.TotalSize, disk.AvailableFreeSpace);
        var wanted = policy.Reserve.Of(total);
        if (free >= wanted)
        {
            reserveTrouble = null;
            return;
        }

        var settledBy = shipping.Settled();
        var decided = policy.Reserve.Decide(total, free, Closed().Select(one => new StoredOutput(one.Folder, one.Name, one.Bytes, one.Ended, settledBy(new("", Path.GetFileName(one.Folder), Service(one.Folder)), one.Folder, one.Next))));
        var going = decided.Going.Where(one => ClosedSegments.Delete(one.Folder, one.Name).IsOk).ToList();
        if (going.Count > 0) Log.Reclaimed(log, going.Count, going.Sum(one => one.Bytes), going.Count(one => !one.IsDelivered));
        reserveTrouble = decided.Missing == 0 && going.Count == decided.Going.Count ? null : new(ProblemKind.Failed, "output.reserve", $"{Rounded(free)} are free on the disk of {home.Output}, and {Rounded(wanted)} are to be")
        {
            Why = going.Count > 0 ? $"{going.Count} closed segments went, and that is not enough" : policy.Reserve.KeepsUndelivered ? "what is left of output is open, or a sink waits for it" : "what is left of output is open, or goes only below the half of it",
            Mend = "free space on the disk, or lower output.keep of the services that write most",
        };
    }

    private void Pack(CancellationToken cancel)
    {
        packTrouble = null;
        HashSet<(string, string)> known = [];
        foreach (var segment in Closed())
        {
            if (cancel.IsCancellationRequested) break;
            if (seen.Contains((segment.Folder, segment.Name)) || IsPacked(segment)) known.Add((segment.Folder, segment.Name));
        }

        seen = known;
    }

    /// <summary>Whether it is, or cannot be.</summary>
    private bool IsPacked(ClosedSegment segment)
    {
        lock (turn)
        {
            if (leaving.ContainsKey(Instance(segment.Folder))) return false;
            if (swept.Add(segment.Folder)) ClosedSegments.Sweep(segment.Folder);
            var done = ClosedSegments.Pack(segment, policy.Compress, encryptWith);
            if (!done.IsOk) packTrouble ??= done.Problems[0];
            return done.IsOk;
        }
    }

    private IEnumerable<ClosedSegment> Closed() => Directory.Exists(home.Output)
        ? Directory.EnumerateDirectories(home.Output).Where(folder => !leaving.ContainsKey(Instance(folder))).SelectMany(ClosedSegments.List)
        : [];

    private static string Instance(string folder) => new EventStream("", Path.GetFileName(folder), null).Instance;

    private static string? Service(string folder) => Instance(folder) is var instance && instance.LastIndexOf('-') is > 0 and var dash ? instance[..dash] : null;

    private static string Rounded(long bytes) => SizeText.Format(bytes >= 1 << 20 ? bytes >> 20 << 20 : bytes);
}
