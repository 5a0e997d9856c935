using System.Text.Json;
using System.Text;
using Holdfast.Core.Problems;

namespace Holdfast.Core.Packages;

/// <summary>
/// The admission of an executable of the host (java, dotnet, an unpackaged program): the trust policy pins its digest, the agent
/// digested the file and found that digest, and these were its facts. A start looks at the facts only.
/// </summary>
public sealed record HostExecutableRecord
{
    private const string What = "the record of a host executable";

    public const string KindName = "HostExecutableRecord";

    public string Kind { get; init; } = KindName;

    /// <summary>Absolute, as the spec's command names it.</summary>
    public required string Path { get; init; }

    /// <summary>Where <see cref="Path"/> leads when every link is followed; the same when there is none.</summary>
    public required string Target { get; init; }

    /// <summary>64 hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    public required DateTimeOffset AdmittedAt { get; init; }

    /// <summary>Of <see cref="Target"/>.</summary>
    public required FileFacts Facts { get; init; }

    /// <summary>The record's file in the home's <c>packages/host-executables</c> folder, named after the path.</summary>
    public static string FileNameFor(string path) => PackageDigest.HexOf(PackageDigest.Of(Encoding.UTF8.GetBytes(path))) + ".json";

    public byte[] Seal(ReadOnlySpan<byte> key) =>
        SealedDocument.Seal(JsonSerializer.SerializeToUtf8Bytes(this, AdmissionJson.Default.HostExecutableRecord), key);

    public static Outcome<HostExecutableRecord> Open(ReadOnlyMemory<byte> document, ReadOnlySpan<byte> key)
    {
        var body = SealedDocument.Open(document, key, What);
        return body.TryGet(out var json) ? Parse(json) : Outcome.Failed<HostExecutableRecord>(body.Problems);
    }

    private static Outcome<HostExecutableRecord> Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            var record = JsonSerializer.Deserialize(json.Span, AdmissionJson.Default.HostExecutableRecord);
            if (record is { Kind: KindName }) return record;
        }
        catch (JsonException)
        {
            // As with admission records: sealed, but of a version that is too far away.
        }

        return new Problem(ProblemKind.Damaged, "admission.form", "the record of a host executable is not in a form that this version reads") { Mend = "deploy again" };
    }

    /// <summary>Opens the record and checks that it is of this executable, and that the executable is still the one that was digested.</summary>
    /// <param name="document">The bytes of the record's file.</param>
    /// <param name="key">The node key.</param>
    /// <param name="path">The absolute path that is about to be executed.</param>
    /// <param name="resolve">Absolute path → where it leads when every link is followed; null: nowhere.</param>
    /// <param name="look">Absolute path → its facts now; null: not there.</param>
    public static Outcome<HostExecutableRecord> Check(
        ReadOnlyMemory<byte> document, ReadOnlySpan<byte> key, string path, Func<string, string?> resolve, Func<string, FileFacts?> look)
    {
        var opened = Open(document, key);
        return opened.TryGet(out var record) ? record.Check(path, resolve, look) : opened;
    }

    /// <summary>As the other, for a document that is believed for where it lies (<see cref="SealedDocument.Body"/>).</summary>
    public static Outcome<HostExecutableRecord> Check(ReadOnlyMemory<byte> document, string path, Func<string, string?> resolve, Func<string, FileFacts?> look)
    {
        var body = SealedDocument.Body(document, What);
        var opened = body.TryGet(out var json) ? Parse(json) : Outcome.Failed<HostExecutableRecord>(body.Problems);
        return opened.TryGet(out var record) ? record.Check(path, resolve, look) : opened;
    }

    private Outcome<HostExecutableRecord> Check(string path, Func<string, string?> resolve, Func<string, FileFacts?> look)
    {
        ArgumentNullException.ThrowIfNull(resolve);
        ArgumentNullException.ThrowIfNull(look);
        if (!string.Equals(Path, path, StringComparison.Ordinal))
            return new Problem(ProblemKind.Damaged, "admission.other-executable", $"the record is of {Path}, not of {path}") { Mend = "deploy again" };
        if (!string.Equals(resolve(path), Target, StringComparison.Ordinal))
            return Refused($"{path} does not lead to {Target} any more");
        if (look(Target) is not { } now) return Refused($"{path} is missing");
        if (now.WritableByOthers) return Refused($"{path} can be written by others than its owner");
        return now == Facts ? this : Refused($"{path} is not the file that was digested");
    }

    private static Problem Refused(string what) => new(ProblemKind.Refused, "admission.host-executable", what)
    {
        Why = "an executable of the host runs only while it is the one that the trust policy pins",
        Mend = "if it was upgraded, pin its new digest under hostExecutables in the trust policy, and deploy again",
    };
}
