using Holdfast.Core.Auditing;

namespace Holdfast.Telemetry.Auditing;

/// <summary>Finds the holds of a log in its entries: nowhere else is anything that could be taken away to end one.</summary>
internal static class AuditHolding
{
    /// <summary>Those in force.</summary>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public static IReadOnlyList<AuditHold> Read(string folder) => AuditHold.After(AuditFile.List(folder).SelectMany(Entries));

    /// <summary>Few entries of a long log are about holds: the others are not looked at more closely than for that.</summary>
    private static IEnumerable<AuditEntry> Entries(AuditFile file)
    {
        foreach (var line in AuditLines.Read(file.Path))
        {
            var text = line.Content.Span;
            if (line.Complete
                && (text.IndexOf("\"action\":\"audit.held\""u8) >= 0 || text.IndexOf("\"action\":\"audit.released\""u8) >= 0)
                && AuditLine.Parse(text, out _) is { } entry)
                yield return entry;
        }
    }
}
