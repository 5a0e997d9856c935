using System.Buffers;
using System.Text;
using Holdfast.Core.Redaction;
using Holdfast.Core.Services;

namespace Holdfast.Core.Tests.Redaction;

/// <summary>A redactor over text, with what it counted.</summary>
internal sealed class Redacting
{
    private readonly RedactionTally tally = new();
    private readonly Redactor redactor;

    public Redacting(RedactionSpec? spec = null, params string[] secrets) =>
        redactor = new(RedactionRules.Create(spec ?? new(), secrets).Value, tally);

    public IReadOnlyDictionary<string, long> Counts => tally.Snapshot();

    public string Redact(string lines)
    {
        var output = new ArrayBufferWriter<byte>();
        return redactor.TryRedact(Encoding.UTF8.GetBytes(lines), output) ? Encoding.UTF8.GetString(output.WrittenSpan) : lines;
    }

    public int SafeCut(string line, int wanted) => redactor.SafeCut(Encoding.UTF8.GetBytes(line), wanted);
}
