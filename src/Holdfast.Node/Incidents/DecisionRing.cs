using System.Globalization;
using System.Text.Json;
using Holdfast.Core.Incidents;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Content;
using Holdfast.Platform;
using Holdfast.Segments;

namespace Holdfast.Node.Incidents;

/// <summary>
/// A folder with files of one JSON document a line, named by the number of their first decision. When all together become too long, the oldest file leaves. A line that
/// a crash tore stays where it is, and the next one begins on a line of its own.
/// </summary>
/// <param name="folder">Absolute; it need not be there.</param>
/// <param name="mostBytes">Of all files, give or take one decision.</param>
/// <param name="fileBytes">A file as long gets no further line.</param>
internal sealed class DecisionRing(string folder, long mostBytes = DecisionRing.MostBytes, long fileBytes = DecisionRing.FileBytes) : IDecisionRing
{
    public const long MostBytes = 16 * 1024 * 1024;

    public const long FileBytes = 1024 * 1024;

    private const string Extension = ".jsonl";

    private const FileShare Shared = FileShare.ReadWrite | FileShare.Delete;

    public Outcome<long> Open()
    {
        try
        {
            var made = FolderRights.Ensure(folder, FolderRights.OwnerOnly);
            if (!made.IsOk) return Outcome.Failed<long>(made.Problems);
            var files = Files();
            if (files.Count == 0) return 0L;
            var last = FirstOf(files[^1])!.Value - 1;
            // What cannot be read had a number, too: it is missed, and no other gets it.
            foreach (var line in Read(files[^1], unfinished: true)) last = Envelope(line) is { } known ? Math.Max(last, known.Number) : last + 1;
            return last;
        }
        catch (Exception e) when (FileTrouble.Is(e))
        {
            return FileTrouble.From(e, $"read {folder}");
        }
    }

    public Outcome<Done> Append(IReadOnlyList<DecisionLine> lines)
    {
        try
        {
            for (var i = 0; i < lines.Count;)
            {
                using var file = OpenLast(lines[i].Number);
                do file.Write(lines[i++].Bytes);
                while (i < lines.Count && file.Position < fileBytes);
                file.Flush();
                DiskSync.File(file.SafeFileHandle);
            }

            Trim();
            return Outcome.Done;
        }
        catch (Exception e) when (FileTrouble.Is(e))
        {
            return FileTrouble.From(e, $"write in {folder}");
        }
    }

    /// <summary>All whole lines, the oldest first, without their newlines. Problems: <c>files.*</c>.</summary>
    public Outcome<IReadOnlyList<byte[]>> Lines()
    {
        try
        {
            return Directory.Exists(folder) ? [.. Files().SelectMany(file => Read(file, unfinished: false))] : (List<byte[]>)[];
        }
        catch (Exception e) when (FileTrouble.Is(e))
        {
            return FileTrouble.From(e, $"read {folder}");
        }
    }

    /// <summary>Which decision a line is; null: it cannot be read.</summary>
    public static (long Number, DateTimeOffset At, string Service)? Envelope(byte[] line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("number", out var number) && number.TryGetInt64(out var known)
                && root.TryGetProperty("at", out var at) && at.TryGetDateTimeOffset(out var moment)
                && root.TryGetProperty("service", out var service) && service.GetString() is { } name ? (known, moment, name) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private FileStream OpenLast(long number)
    {
        var files = Files();
        if (files.Count > 0 && new FileInfo(files[^1]).Length is var length && length < fileBytes)
        {
            var last = new FileStream(files[^1], new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.ReadWrite, Share = Shared });
            last.Position = Math.Max(0, length - 1);
            if (length > 0 && last.ReadByte() != '\n') last.WriteByte((byte)'\n');
            return last;
        }

        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = Shared };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = DurableFile.OwnerOnly;
        var file = new FileStream(Path.Combine(folder, number.ToString("D19", CultureInfo.InvariantCulture) + Extension), options);
        DurableFolder.Sync(folder);
        return file;
    }

    private void Trim()
    {
        var files = Files();
        var bytes = files.Sum(file => new FileInfo(file).Length);
        foreach (var oldest in files.Take(files.Count - 1))
        {
            if (bytes <= mostBytes) return;
            bytes -= new FileInfo(oldest).Length;
            File.Delete(oldest);
        }
    }

    private List<string> Files() => [.. Directory.EnumerateFiles(folder).Where(file => FirstOf(file) is not null).Order(StringComparer.Ordinal)];

    private static long? FirstOf(string file) =>
        Path.GetExtension(file) == Extension && long.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out var first) ? first : null;

    /// <param name="unfinished">Also what has no newline behind it: it was torn, or is being written.</param>
    private static IEnumerable<byte[]> Read(string file, bool unfinished)
    {
        byte[] bytes;
        try
        {
            using var opened = new FileStream(file, FileMode.Open, FileAccess.Read, Shared);
            bytes = new byte[opened.Length];
            opened.ReadExactly(bytes);
        }
        catch (FileNotFoundException)
        {
            // It has left meanwhile.
            yield break;
        }

        var from = 0;
        while (from < bytes.Length)
        {
            var length = bytes.AsSpan(from).IndexOf((byte)'\n');
            if (length < 0 && !unfinished) yield break;
            var line = length < 0 ? bytes[from..] : bytes[from..(from + length)];
            from += line.Length + 1;
            if (line.Length > 0) yield return line;
        }
    }
}
