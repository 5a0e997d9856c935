using System.Text.Json;

namespace Holdfast.Core.Incidents;

/// <summary>Makes the lines of a bundle, each with the newline at its end.</summary>
public sealed class BundleWriter
{
    private long decisions;

    /// <summary>The hash of the last line that was made.</summary>
    public string Digest { get; private set; } = LineChain.Beginning;

    public byte[] Head(IncidentLine.Head head) => Link(JsonSerializer.SerializeToUtf8Bytes(head, DecisionJson.Default.IncidentLine));

    /// <param name="line">A decision as its node kept it, byte for byte: what an earlier version wrote stays what it was.</param>
    public byte[] Decision(ReadOnlySpan<byte> line)
    {
        decisions++;
        return Link(line);
    }

    public byte[] End(long lost, long dropped) => Link(JsonSerializer.SerializeToUtf8Bytes(new IncidentLine.End(decisions, lost, dropped), DecisionJson.Default.IncidentLine));

    private byte[] Link(ReadOnlySpan<byte> line)
    {
        (var linked, Digest) = LineChain.Link(Digest, line);
        return [.. linked, (byte)'\n'];
    }
}
