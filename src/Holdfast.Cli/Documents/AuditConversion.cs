using System.Buffers;
using System.Text;
using Holdfast.Core.Auditing;
using Holdfast.Core.Problems;

namespace Holdfast.Cli.Documents;

/// <summary>Makes an export, as it comes in, into what other systems read: its entries, without their proofs.</summary>
internal sealed class AuditConversion
{
    public const string Ecs = "ecs";
    public const string Csv = "csv";

    /// <summary>More would only repeat it.</summary>
    private const int MostBad = 20;

    private readonly Stream output;
    private readonly bool isTable;
    private readonly ArrayBufferWriter<byte> line = new();

    public AuditConversion(Stream output, string format)
    {
        this.output = output;
        isTable = format == Csv;
        if (isTable) output.Write(Encoding.UTF8.GetBytes(AuditCsv.Head));
    }

    public long Entries { get; private set; }

    /// <summary>Lines that should be entries, and are none.</summary>
    public List<Problem> Bad { get; } = [];

    public void Add(ReadOnlySpan<byte> chunk)
    {
        while (chunk.IndexOf((byte)'\n') is >= 0 and var end)
        {
            line.Write(chunk[..(end + 1)]);
            chunk = chunk[(end + 1)..];
            Take(line.WrittenSpan);
            line.ResetWrittenCount();
        }

        line.Write(chunk);
    }

    private void Take(ReadOnlySpan<byte> whole)
    {
        // Nothing else in an export begins like an entry.
        if (whole[0] != (byte)'{') return;
        if (AuditLine.Parse(whole, out var why) is { } entry)
        {
            Entries++;
            output.Write(isTable ? Encoding.UTF8.GetBytes(AuditCsv.Line(entry)) : AuditEcs.Line(entry));
        }
        else if (Bad.Count < MostBad)
        {
            Bad.Add(new(ProblemKind.Damaged, "audit.broken", $"What stands after entry {Entries} of the export is no entry: {why}.") { Mend = "run `holdfast audit verify`" });
        }
    }
}
