using System.Text.Json;
using System.Text.Json.Serialization;
using Holdfast.Core.Sources;
using Holdfast.Segments;

namespace Holdfast.Telemetry.Sources.Files;

/// <summary>
/// How far the files of an instance were read, as of a place in its segments: what stands behind that place says for itself how far it goes. It is replaced in one step, so that it is the
/// one before or the new one, whatever happens; without it the segments are looked through from their beginning.
/// </summary>
/// <remarks>Regressions: beats#3537 (an empty registry after a power failure), vector#20753 (an empty checkpoint file).</remarks>
internal sealed class FollowCheckpoint(string folder)
{
    private static readonly JsonSerializerOptions json = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault };

    private string Path => System.IO.Path.Combine(folder, "followed.json");

    /// <summary>Null: there is none, or nothing of it can be read. Throws IOException and UnauthorizedAccessException.</summary>
    public FollowDocument? Read()
    {
        try
        {
            return File.Exists(Path) ? JsonSerializer.Deserialize<FollowDocument>(File.ReadAllBytes(Path), json) : null;
        }
        catch (JsonException)
        {
            // The segments say the same at more length.
            return null;
        }
    }

    /// <summary>On disk when it returns. The lines before its place must be. Throws IOException and UnauthorizedAccessException.</summary>
    public void Write(FollowDocument document)
    {
        var made = Path + ".new";
        using (var file = File.OpenHandle(made, FileMode.Create, FileAccess.Write, FileShare.Read))
        {
            RandomAccess.Write(file, JsonSerializer.SerializeToUtf8Bytes(document, json), 0);
            DiskSync.File(file);
        }

        File.Move(made, Path, overwrite: true);
        DiskSync.Folder(folder);
    }
}

/// <param name="Set">Of the segments.</param>
/// <param name="Next">The sequence behind the last line that it knows of.</param>
internal sealed record FollowDocument(Guid Set, long Next)
{
    public IReadOnlyList<FollowedFile> Files { get; init => field = value ?? []; } = [];

    public IReadOnlyList<WaitingFile> Waiting { get; init => field = value ?? []; } = [];
}
