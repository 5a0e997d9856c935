using Holdfast.Core.Incidents;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Content;

namespace Holdfast.Node.Incidents;

/// <summary>A bundle of decisions in a file.</summary>
public static class BundleFile
{
    /// <summary>More than any node keeps: whatever is as large is something else.</summary>
    public const long MostBytes = 8 * DecisionRing.MostBytes;

    /// <summary>Problems: <c>files.*</c>, and those of <see cref="BundleReader"/>.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="name">For problems.</param>
    public static Outcome<IncidentBundle> Read(string path, string name)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length > MostBytes)
                return new Problem(ProblemKind.BadInput, "incident.form", $"It is no bundle of decisions: it has {file.Length} bytes.") { Where = new(name, 0, 0), Mend = "give a file of `holdfast incident save`" };
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return Read(bytes, new BundleReader(name));
        }
        catch (Exception e) when (FileTrouble.Is(e))
        {
            return FileTrouble.From(e, $"read {name}");
        }
    }

    private static Outcome<IncidentBundle> Read(ReadOnlySpan<byte> bytes, BundleReader reader)
    {
        while (bytes.Length > 0)
        {
            var length = bytes.IndexOf((byte)'\n');
            var taken = reader.Add(length < 0 ? bytes : bytes[..length]);
            // What has no newline behind it was cut off, and is not what somebody changed.
            if (!taken.IsOk && length >= 0) return Outcome.Failed<IncidentBundle>(taken.Problems);
            bytes = length < 0 ? [] : bytes[(length + 1)..];
        }

        return reader.Finish();
    }
}
