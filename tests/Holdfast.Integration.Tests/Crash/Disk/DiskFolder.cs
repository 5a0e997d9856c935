namespace Holdfast.Integration.Tests.Crash.Disk;

/// <summary>A folder's names as the programs see them, and those that a power cut may leave: whatever was there when it was synced, and a beginning of what came after.</summary>
internal sealed class DiskFolder
{
    private readonly List<(string Name, object? Entry, string? From)> changes = [];
    private readonly Dictionary<string, object> names = new(StringComparer.Ordinal);
    private int synced;

    public object? Find(string name) => names.GetValueOrDefault(name);

    public void Put(string name, object entry)
    {
        names[name] = entry;
        changes.Add((name, entry, null));
    }

    public void Remove(string name)
    {
        names.Remove(name);
        changes.Add((name, null, null));
    }

    /// <summary>Within this folder: both names change at once.</summary>
    public void Rename(string from, string to)
    {
        var entry = names[from];
        names.Remove(from);
        names[to] = entry;
        changes.Add((to, entry, from));
    }

    public void Sync() => synced = changes.Count;

    /// <summary>Writes what a power cut leaves of it and of everything below.</summary>
    public void WriteAfterPowerCut(string place, Random random)
    {
        var left = new Dictionary<string, object>(StringComparer.Ordinal);
        var reached = random.Next(3) switch { 0 => synced, 1 => changes.Count, _ => random.Next(synced, changes.Count + 1) };
        foreach (var (name, entry, from) in changes.Take(reached))
        {
            if (from is not null) left.Remove(from);
            if (entry is null) left.Remove(name);
            else left[name] = entry;
        }

        Directory.CreateDirectory(place);
        foreach (var (name, entry) in left)
        {
            var path = Path.Combine(place, name);
            if (entry is DiskFolder folder) folder.WriteAfterPowerCut(path, random);
            else File.WriteAllBytes(path, ((DiskFile)entry).AfterPowerCut(random));
        }
    }
}
