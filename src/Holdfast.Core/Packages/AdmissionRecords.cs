using System.Text.Json;
using Holdfast.Core.Problems;

namespace Holdfast.Core.Packages;

/// <summary>Between an <see cref="AdmissionRecord"/> and the sealed bytes of <c>admission.json</c>.</summary>
public static class AdmissionRecords
{
    public const string FileName = "admission.json";

    private const string Name = "the admission record";

    public static byte[] Seal(AdmissionRecord record, ReadOnlySpan<byte> key) =>
        SealedDocument.Seal(JsonSerializer.SerializeToUtf8Bytes(record, AdmissionJson.Default.AdmissionRecord), key);

    /// <summary>The record, or a <see cref="ProblemKind.Damaged"/> problem when the seal or the form is wrong.</summary>
    public static Outcome<AdmissionRecord> Open(ReadOnlyMemory<byte> document, ReadOnlySpan<byte> key)
    {
        var body = SealedDocument.Open(document, key, Name);
        return body.TryGet(out var json) ? Parse(json) : Outcome.Failed<AdmissionRecord>(body.Problems);
    }

    /// <summary>As <see cref="Open"/>, for a document that is believed for where it lies (<see cref="SealedDocument.Body"/>).</summary>
    public static Outcome<AdmissionRecord> Believe(ReadOnlyMemory<byte> document)
    {
        var body = SealedDocument.Body(document, Name);
        return body.TryGet(out var json) ? Parse(json) : Outcome.Failed<AdmissionRecord>(body.Problems);
    }

    private static Outcome<AdmissionRecord> Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            var record = JsonSerializer.Deserialize(json.Span, AdmissionJson.Default.AdmissionRecord);
            if (record is { Kind: AdmissionRecord.KindName }) return record;
        }
        catch (JsonException)
        {
            // Sealed by this node, yet not readable: written by a version that is too far away.
        }

        return new Problem(ProblemKind.Damaged, "admission.form", "the admission record is sealed by this node, but not in a form that this version reads")
        {
            Mend = "deploy the package again with this version",
        };
    }
}
