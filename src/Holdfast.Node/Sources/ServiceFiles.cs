using Holdfast.Core.Sources;
using Holdfast.Platform;
using Holdfast.Telemetry.Sources.Files;

namespace Holdfast.Node.Sources;

/// <summary>The files that one instance writes, found by the patterns of its spec. It enters no link and opens nothing but regular files.</summary>
internal sealed class ServiceFiles(IReadOnlyList<SourcePattern> patterns) : ISourceFiles
{
    /// <summary>What stands in the folders of one instance, at most: a service must not be able to keep the node busy with looking.</summary>
    private const int MostEntries = 10_000;

    /// <summary>A rotation takes a moment; a service that renames without end is not waited for.</summary>
    private const int MostTries = 10;

    // Patterns of one folder are one look.
    private readonly List<List<SourcePattern>> places =
        [.. patterns.GroupBy(pattern => (pattern.Root, string.Join('/', pattern.Folders))).Select(same => same.ToList())];

    private readonly Dictionary<FileIdentity, (SourcePattern Pattern, IReadOnlyList<string> Names)> found = [];

    /// <summary>Names are listed and sizes are asked for one after the other, while a rotation may be at work: until two in a row agree there is no knowing what came before what.</summary>
    public SourceLook Look()
    {
        var before = List();
        for (var tries = 1; ; tries++)
        {
            var now = List();
            if (tries < MostTries && !Agree(before, now))
            {
                before = now;
                continue;
            }

            var lengths = before.Files.GroupBy(file => file.Identity).ToDictionary(same => same.Key, same => same.Min(file => file.Length));
            return new(
                new([.. now.Files.Select(file => file with { Readable = lengths.TryGetValue(file.Identity, out var length) ? Math.Min(length, file.Length) : 0 })], now.IsWhole && before.IsWhole),
                now.Troubles);
        }
    }

    private Looking List()
    {
        found.Clear();
        var look = new Looking(found);
        foreach (var place in places) look.At(place);
        return look;
    }

    /// <summary>The same files have the same names, and none was emptied between the two.</summary>
    private static bool Agree(Looking before, Looking now)
    {
        // Two patterns may lead to one file.
        var then = Named(before);
        var later = Named(now);
        return later.Count == then.Count && later.All(file => then.TryGetValue(file.Key, out var was) && was.Identity == file.Value.Identity && was.Length <= file.Value.Length);
    }

    private static Dictionary<string, SeenFile> Named(Looking look)
    {
        var named = new Dictionary<string, SeenFile>(StringComparer.Ordinal);
        foreach (var file in look.Files.Where(file => file.Kind != FileKind.Other)) named.TryAdd(file.Path, file);
        return named;
    }

    public ISourceFile? Open(SeenFile file, out string? trouble)
    {
        trouble = null;
        if (!found.TryGetValue(file.Identity, out var place)) return null;
        var folders = new List<WrittenFolder>();
        try
        {
            var at = WrittenFolder.Open(place.Pattern.Root);
            foreach (var name in place.Names.SkipLast(1))
            {
                if (at is null) return null;
                folders.Add(at);
                at = at.Enter(name);
            }

            if (at is null) return null;
            folders.Add(at);
            var opened = at.OpenFile(place.Names[^1]);
            if (opened?.Identity == file.Identity) return new OpenedFile(opened);
            opened?.Dispose();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            trouble = e.Message;
            return null;
        }
        finally
        {
            foreach (var folder in folders) folder.Dispose();
        }
    }

    /// <summary>One look at all places.</summary>
    private sealed class Looking(Dictionary<FileIdentity, (SourcePattern Pattern, IReadOnlyList<string> Names)> found)
    {
        private readonly SortedSet<string> troubles = new(StringComparer.Ordinal);
        private int entries;

        public List<SeenFile> Files { get; } = [];

        public bool IsWhole { get; private set; } = true;

        public IReadOnlyList<string> Troubles => [.. troubles];

        public void At(List<SourcePattern> place)
        {
            try
            {
                using var root = WrittenFolder.Open(place[0].Root);
                if (root is not null) Walk(root, place, []);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Miss(e.Message);
            }
        }

        private void Walk(WrittenFolder folder, List<SourcePattern> place, IReadOnlyList<string> above)
        {
            var folders = place[0].Folders;
            if (above.Count == folders.Count)
            {
                List(folder, place, above);
                return;
            }

            var next = folders[above.Count];
            if (!SourcePattern.IsPattern(next))
            {
                Enter(folder, next, place, above);
                return;
            }

            foreach (var name in folder.Names())
            {
                if (!Counts()) return;
                if (place[0].Passes(above.Count, name)) Enter(folder, name, place, above);
            }
        }

        private void Enter(WrittenFolder folder, string name, List<SourcePattern> place, IReadOnlyList<string> above)
        {
            try
            {
                using var inside = folder.Enter(name);
                if (inside is not null) Walk(inside, place, [.. above, name]);
                else if (folder.Look(name) is { Kind: WrittenKind.Link }) Miss($"{Shown(place[0], [.. above, name])} is a link, and is not followed: name where it leads");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Miss(e.Message);
            }
        }

        private void List(WrittenFolder folder, List<SourcePattern> place, IReadOnlyList<string> above)
        {
            foreach (var name in folder.Names())
            {
                if (!Counts()) return;
                if (folder.Look(name) is not { } entry) continue;
                var pattern = place.MaxBy(one => one.Judge(name))!;
                var kind = pattern.Judge(name);
                var shown = Shown(pattern, [.. above, name]);
                if (entry.Kind == WrittenKind.Link && kind == FileKind.Wanted) troubles.Add($"{shown} is a link, and is not followed: name where it leads");
                if (entry.Kind != WrittenKind.File) continue;
                Files.Add(new(entry.Identity, shown, entry.Length, kind, entry.Stamp, pattern.Encoding));
                found[entry.Identity] = (pattern, [.. above, name]);
            }
        }

        private bool Counts()
        {
            if (++entries <= MostEntries) return true;
            Miss($"there are more than {MostEntries} entries in the folders of its files: not all are looked at");
            return false;
        }

        private void Miss(string trouble)
        {
            troubles.Add(trouble);
            IsWhole = false;
        }

        private static string Shown(SourcePattern pattern, IReadOnlyList<string> names) => pattern.Shown + string.Join('/', names);
    }

    private sealed class OpenedFile(WrittenFile file) : ISourceFile
    {
        public long Length => file.Length;

        public bool IsDeletePending => file.IsDeletePending;

        public int Read(long offset, Span<byte> bytes) => file.Read(offset, bytes);

        public void Dispose() => file.Dispose();
    }
}
