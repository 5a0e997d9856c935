using System.Text;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Content;
using Holdfast.Platform;
using Holdfast.Segments;

namespace Holdfast.Node.Storing;

/// <summary>
/// The keys that closed segments are encrypted with: <c>keys/segments.key</c>, readable by the agent's account only. One in base64 a line; new segments take the first, and a line that begins with # is
/// none.
/// </summary>
internal static class SegmentKeyFile
{
    public static string Of(Home home) => Path.Combine(home.Keys, "segments.key");

    /// <summary>None where there is no file. Problems: <c>output.key</c>, <c>files.*</c>.</summary>
    public static Outcome<IReadOnlyList<SegmentKey>> Read(string file)
    {
        try
        {
            return File.Exists(file) ? Parse(File.ReadAllText(file), file) : Outcome.Of<IReadOnlyList<SegmentKey>>([]);
        }
        catch (Exception e) when (FileTrouble.Is(e))
        {
            return FileTrouble.From(e, $"read {file}");
        }
    }

    /// <summary>Writes a first key. Problems: <c>files.*</c>.</summary>
    public static Outcome<IReadOnlyList<SegmentKey>> Make(Home home)
    {
        var folder = FolderRights.Ensure(home.Keys, FolderRights.OwnerOnly);
        if (!folder.IsOk) return Outcome.Failed<IReadOnlyList<SegmentKey>>(folder.Problems);
        var key = SegmentKey.New();
        return DurableFile.Write(Of(home), Encoding.ASCII.GetBytes($"# Closed segments of this node are encrypted with the first of these keys. One that is lost cannot be had again, nor what was encrypted with it.\n{key.Text()}\n")).Then(_ => Outcome.Of<IReadOnlyList<SegmentKey>>([key]));
    }

    private static Outcome<IReadOnlyList<SegmentKey>> Parse(string text, string file)
    {
        List<SegmentKey> keys = [];
        var number = 0;
        foreach (var line in text.Split('\n').Select(line => line.Trim()))
        {
            number++;
            if (line.Length == 0 || line[0] == '#') continue;
            if (SegmentKey.Parse(line) is not { } key) return new Problem(ProblemKind.Damaged, "output.key", $"line {number} of {file} is no key") { Mend = $"a key is the base64 of {SegmentKey.Length} bytes: `openssl rand -base64 {SegmentKey.Length}` makes one" };
            keys.Add(key);
        }

        return keys.Count > 0 ? keys : new Problem(ProblemKind.Damaged, "output.key", $"{file} has no key") { Mend = "restore it from a backup, or delete it: a new one is made, and what was encrypted with others cannot be read" };
    }
}
