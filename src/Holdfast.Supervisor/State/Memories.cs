using System.Text.Json;
using Holdfast.Core.Supervision;

namespace Holdfast.Supervisor.State;

/// <summary>
/// <c>NAME.memory</c> of each instance: counters, which must outlive the process but not a power cut, and are therefore not synced:
/// they lie on the way of every restart. For the loop's thread.
/// </summary>
internal sealed class Memories(string folder, Log log)
{
    private const string Suffix = ".memory";

    private readonly Dictionary<string, MemoryFile> files = new(StringComparer.Ordinal);

    /// <summary>Why something could not be written last time; null when all is well.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Null: nothing is known, or what is there cannot be read (which is said).</summary>
    public InstanceMemory? Recall(string instance)
    {
        try
        {
            var file = FileOf(instance);
            return file.Content is { } content ? JsonSerializer.Deserialize(content, SupervisionJson.Default.InstanceMemory) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            log.Say($"{PathOf(instance)} cannot be read, its counters begin anew: {failure.Message}");
            return null;
        }
    }

    public void Remember(string instance, InstanceMemory memory)
    {
        try
        {
            FileOf(instance).Write(JsonSerializer.SerializeToUtf8Bytes(memory, SupervisionJson.Default.InstanceMemory));
            Trouble = null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The instance goes on: its counters are still in memory, and the next change tries again.
            Trouble = $"{PathOf(instance)} cannot be written: {failure.Message}";
            log.Say(Trouble);
        }
    }

    /// <summary>The file, which is closed now and may be deleted.</summary>
    public string Release(string instance)
    {
        if (files.Remove(instance, out var file)) file.Dispose();
        return PathOf(instance);
    }

    private MemoryFile FileOf(string instance)
    {
        if (files.TryGetValue(instance, out var known)) return known;
        return files[instance] = new MemoryFile(PathOf(instance));
    }

    private string PathOf(string instance) => Path.Combine(folder, instance + Suffix);
}
