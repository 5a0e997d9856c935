using System.Security.Cryptography;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision.Control;
using Holdfast.Core.Supervision.Handovers;
using Holdfast.Platform;
using Holdfast.Segments;
using Holdfast.Supervisor.Fencing;
using Holdfast.Supervisor.Launching;
using Holdfast.Supervisor.Upgrading;

namespace Holdfast.Supervisor;

/// <summary>What a supervisor has before it keeps anything: new, or left by this process's earlier image.</summary>
internal sealed class Beginning : IDisposable
{
    private static readonly TimeSpan SweepWithin = TimeSpan.FromSeconds(10);

    private Beginning(FileLock held, IProcessHost host, JournalWriter journal, LocalListener listener, SupervisorIdentity identity, SupervisorHandover? earlier) =>
        (Lock, Host, Journal, Listener, Identity, Earlier) = (held, host, journal, listener, identity, earlier);

    public FileLock Lock { get; }

    public IProcessHost Host { get; }

    public JournalWriter Journal { get; }

    public LocalListener Listener { get; }

    public SupervisorIdentity Identity { get; }

    /// <summary>Null: nothing runs.</summary>
    public SupervisorHandover? Earlier { get; }

    /// <summary>Takes the home: nothing of an earlier supervisor runs afterwards.</summary>
    public static Outcome<Beginning> Fresh(SupervisorPlace place, Log log)
    {
        OwnProtection.Apply(OwnProtection.Supervisor);
        NewFiles.CloseToOthers();
        var prepared = MakeFolders(place).Then(_ => FileLock.TryTake(place.Lock, BootClock.Instance));
        if (!prepared.TryGet(out var held)) return Outcome.Failed<Beginning>(prepared.Problems);
        var host = ProcessHost.Create(place, new ProcessHostOptions { OneThread = true });
        foreach (var missing in host.Capabilities.NotEnforced) log.Say($"not enforced here: {missing}");
        var swept = host.Sweep(SweepWithin);
        if (!swept.TryGet(out var leftovers))
        {
            host.Dispose();
            held.Dispose();
            return Outcome.Failed<Beginning>(swept.Problems);
        }

        new SecretFiles(place).Sweep();
        var unfinished = DurableFolder.Sweep(place.Folder);
        if (!unfinished.IsOk) log.Say(unfinished.Problems);
        foreach (var leftover in leftovers) log.Say($"{leftover} was left by an earlier supervisor: killed and empty");
        if (place.IsShared) WatchdogMark.Settle(WatchdogMark.PathIn(place), BootClock.BootId, WatchdogDevice.Open, log.Say);
        return Finish(place, held, host, () => LocalListener.Open(place.Socket), RandomNumberGenerator.GetHexString(32, lowercase: true), null);
    }

    /// <summary>Takes what this process's earlier image has left: everything runs.</summary>
    /// <param name="document">The descriptor of the handover.</param>
    public static Outcome<Beginning> AfterUpgrade(SupervisorPlace place, int document, Log log)
    {
        OwnProtection.Apply(OwnProtection.Supervisor);
        NewFiles.CloseToOthers();
        try
        {
            using var passed = NextImage.Take(document);
            var read = HandoverDocument.Read(PassedDocument.Read(passed));
            if (!read.TryGet(out var earlier)) return Outcome.Failed<Beginning>(read.Problems);
            var held = FileLock.TakeOver(NextImage.Take(earlier.Lock));
            var containment = Enum.Parse<ContainmentKind>(earlier.Containment, ignoreCase: true);
            var host = ProcessHost.Create(place, new ProcessHostOptions { Containment = containment, OneThread = true });
            return Finish(place, held, host, () => Outcome.Of(LocalListener.TakeOver(NextImage.Take(earlier.Listener))), earlier.Nonce, earlier);
        }
        catch (Exception failure) when (failure is IOException or ArgumentException or PlatformNotSupportedException)
        {
            log.Say(failure.ToString());
            return new Problem(ProblemKind.Failed, "upgrade.take-over", "what the earlier version has left cannot be taken over") { Why = failure.Message };
        }
    }

    public void Dispose()
    {
        Listener.Dispose();
        Host.Dispose();
        Lock.Dispose();
    }

    private static Outcome<Beginning> Finish(SupervisorPlace place, FileLock held, IProcessHost host, Func<Outcome<LocalListener>> listen, string nonce, SupervisorHandover? earlier)
    {
        var policy = new SegmentPolicy { RotateBytes = 16 << 20, KeepBytes = 256 << 20, KeepAge = TimeSpan.FromDays(180) };
        var opened = JournalWriter.Open(place.Journal, policy, BootClock.Instance);
        var listening = opened.Then(_ => listen());
        if (listening.TryGet(out var listener)) return new Beginning(held, host, opened.Value, listener, Identify(place, nonce), earlier);
        if (opened.TryGet(out var journal)) journal.Dispose();
        host.Dispose();
        held.Dispose();
        return Outcome.Failed<Beginning>(listening.Problems);
    }

    private static SupervisorIdentity Identify(SupervisorPlace place, string nonce) => new(
        Environment.ProcessId,
        ProcessFacts.Read(Environment.ProcessId)?.CreationTime ?? 0,
        BootClock.BootId,
        nonce,
        CommandLine.Version,
        place.Socket)
    {
        Executable = Environment.ProcessPath,
    };

    private static Outcome<Done> MakeFolders(SupervisorPlace place)
    {
        var own = place.MakeFolder();
        if (!own.IsOk) return own;
        foreach (var (folder, mode) in new[]
        {
            (place.Home.Run, FolderRights.Passage),
            (place.Home.Notify, FolderRights.Passage),
            (place.Secrets, FolderRights.Passage),
            (place.Instances, FolderRights.OwnerOnly),
            (place.Journal, FolderRights.OwnerAndGroup),
        })
        {
            // Under its service's account it could not set the rights of what others made for all.
            if (OperatingSystem.IsWindows() && (folder == place.Home.Run || folder == place.Home.Notify) && Directory.Exists(folder)) continue;
            var ensured = FolderRights.Ensure(folder, mode);
            if (!ensured.IsOk) return ensured;
        }

        return Outcome.Done;
    }
}
