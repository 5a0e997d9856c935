using Holdfast.Core.Auditing.Tree;
using Holdfast.Core.Problems;

namespace Holdfast.Telemetry.Auditing;

/// <summary>Verifies what <c>holdfast audit export</c> and <c>audit prove</c> wrote: with the file and the log's public key, and nothing else.</summary>
public static class AuditExportVerifier
{
    /// <summary>Whether the file's first line says that it is of this form.</summary>
    /// <param name="firstLine">Of <see cref="AuditProof"/>, <see cref="AuditExtension"/>, or an export.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static bool Is(string path, string firstLine)
    {
        ArgumentNullException.ThrowIfNull(firstLine);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var start = new byte[firstLine.Length];
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.AsSpan().SequenceEqual(System.Text.Encoding.ASCII.GetBytes(firstLine));
    }

    /// <summary>What it found. Problems: <c>audit.not-an-export</c>.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Outcome<AuditExportVerdict> Verify(string path, NoteKey key, AuditExportExpectation expected, CancellationToken cancel)
    {
        var check = new AuditExportCheck(key, expected);
        foreach (var line in AuditLines.Read(path))
        {
            cancel.ThrowIfCancellationRequested();
            if (!check.Add(line.Content.Span))
                break;
        }

        return check.Finish();
    }
}
