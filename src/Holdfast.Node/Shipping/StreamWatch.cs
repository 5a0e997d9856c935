using System.Collections.Concurrent;
using Holdfast.Core.Shipping;
using Holdfast.Core.Supervision;
using Holdfast.Platform;
using Holdfast.Segments;
using Holdfast.Telemetry.Shipping;

namespace Holdfast.Node.Shipping;

/// <summary>
/// Which streams of this node have something new, for one sink. The system says when a file has changed; since such words can be lost, or not be had at all, all of them are looked at now and
/// then as well.
/// </summary>
internal sealed class StreamWatch : IDisposable
{
    private static readonly TimeSpan LookAtAllEvery = TimeSpan.FromSeconds(30), WithoutWords = TimeSpan.FromSeconds(1);

    private readonly Home home;
    private readonly string node;
    private readonly Func<EventStream, bool> isWanted;
    private readonly ServiceForms forms;
    private readonly SegmentKeys keys;
    private readonly TimeProvider time;
    private readonly ConcurrentDictionary<string, bool> changed = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim word = new(0, 1);
    private readonly WatchedFolder[] folders;
    private long lookedAtAll;
    private volatile bool missed;

    /// <param name="isWanted">Whether the sink delivers a stream.</param>
    /// <param name="forms">How lines are to be understood.</param>
    /// <param name="keys">For segments that are encrypted.</param>
    public StreamWatch(Home home, string node, Func<EventStream, bool> isWanted, ServiceForms forms, SegmentKeys keys, TimeProvider time)
    {
        (this.home, this.node, this.isWanted, this.forms, this.keys, this.time) = (home, node, isWanted, forms, keys, time);
        folders = [new(home.Output, null), new(home.Streams, null), new(home.Journal, EventStream.Journal)];
    }

    /// <summary>Those that may have something new since it was asked last.</summary>
    public IReadOnlyList<ShippedFolder> Take()
    {
        foreach (var folder in folders.Where(folder => folder.Watcher is null))
        {
            // What came before it was watched is found by looking.
            if ((folder.Watcher = Watch(folder)) is not null) missed = true;
        }

        if (missed || lookedAtAll == 0 || time.GetElapsedTime(lookedAtAll) >= (LacksWords ? WithoutWords : LookAtAllEvery))
        {
            missed = false;
            lookedAtAll = time.GetTimestamp();
            changed.Clear();
            return All();
        }

        List<ShippedFolder> found = [];
        foreach (var name in changed.Keys)
        {
            changed.TryRemove(name, out _);
            if (Stream(name) is { } shipped) found.Add(shipped);
        }

        return found;
    }

    /// <summary>Returns when something has changed, or it is time to look at all.</summary>
    public async Task MoreAsync(CancellationToken cancel)
    {
        if (missed || !changed.IsEmpty) return;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAny(word.WaitAsync(ending.Token), Task.Delay(folders.Any(folder => folder.Watcher is null) ? WithoutWords : LookAtAllEvery, time, ending.Token));
        await ending.CancelAsync();
        cancel.ThrowIfCancellationRequested();
    }

    public void Dispose()
    {
        foreach (var folder in folders) folder.Watcher?.Dispose();
    }

    /// <summary>The system tells nothing of a folder that is there.</summary>
    private bool LacksWords => folders.Any(folder => folder.Watcher is null && Directory.Exists(folder.Path));

    private List<ShippedFolder> All()
    {
        List<ShippedFolder> all = [];
        if (Directory.Exists(home.Output)) all.AddRange(Directory.EnumerateDirectories(home.Output).Select(folder => Stream(Path.GetFileName(folder))).OfType<ShippedFolder>());
        all.AddRange(EventStream.OfNode.Select(Stream).OfType<ShippedFolder>());
        return all;
    }

    private ShippedFolder? Stream(string name)
    {
        var own = new EventStream(node, name, null);
        if (EventStream.OfNode.Contains(name)) return isWanted(own) ? new(own, name == EventStream.Journal ? home.Journal : Path.Combine(home.Streams, name)) { Form = LineForm.OfNode(name) } : null;
        // An instance is its service and a number.
        var instance = own.Instance;
        if (!InstanceNames.IsValid(instance) || instance.LastIndexOf('-') is not (> 0 and var dash)) return null;
        var stream = own with { Service = instance[..dash] };
        return !isWanted(stream) ? null : new(stream, Path.Combine(home.Output, name)) { Keys = keys, Form = name.EndsWith(EventStream.EventsEnding, StringComparison.Ordinal) ? LineForm.Json : forms.Of(instance[..dash]) };
    }

    private FileSystemWatcher? Watch(WatchedFolder folder)
    {
        if (!Directory.Exists(folder.Path)) return null;
        FileSystemWatcher? made = null;
        try
        {
            made = new(folder.Path) { IncludeSubdirectories = folder.Stream is null, NotifyFilter = NotifyFilters.Size | NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite };
            made.Changed += (_, what) => Note(folder.StreamOf(what.FullPath));
            made.Created += (_, what) => Note(folder.StreamOf(what.FullPath));
            // More has happened than it could keep.
            made.Error += (_, _) => Miss();
            made.EnableRaisingEvents = true;
            return made;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            made?.Dispose();
            return null;
        }
    }

    private void Miss()
    {
        missed = true;
        Wake();
    }

    private void Note(string name)
    {
        if (changed.TryAdd(name, true)) Wake();
    }

    private void Wake()
    {
        try
        {
            word.Release();
        }
        catch (SemaphoreFullException)
        {
            // Whoever waits is told already.
        }
    }

    /// <param name="Stream">Whose segments are in it; null: a folder for each stream is.</param>
    private sealed record WatchedFolder(string Path, string? Stream)
    {
        /// <summary>Null: the system tells nothing of it.</summary>
        public FileSystemWatcher? Watcher { get; set; }

        public string StreamOf(string path) => Stream ?? System.IO.Path.GetRelativePath(Path, path).Split(System.IO.Path.DirectorySeparatorChar)[0];
    }
}
