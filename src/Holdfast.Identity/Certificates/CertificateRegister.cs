using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Holdfast.Core.Problems;

namespace Holdfast.Identity.Certificates;

/// <summary>All certificates of an authority, and which of them are not to be taken any more: a document of JSON.</summary>
public sealed record CertificateRegister(ImmutableList<IssuedCertificate> Issued)
{
    private const string ApiVersion = "holdfast/v1", Kind = "CertificateRegister";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static CertificateRegister Empty { get; } = new([]);

    public CertificateRegister With(IssuedCertificate issued) => new(Issued.Add(issued));

    /// <summary>Those of a name (<c>alice</c>, <c>operator/alice</c>) or a serial that still hold.</summary>
    public IReadOnlyList<IssuedCertificate> Find(string given, DateTimeOffset now) =>
        [.. Issued.Where(one => one.RevokedAt is null && one.Until >= now && (one.Peer.Name == given || one.Peer.ToString() == given || string.Equals(one.Serial, given, StringComparison.OrdinalIgnoreCase)))];

    /// <summary>The named ones are not taken from now on.</summary>
    public CertificateRegister Revoke(IReadOnlyCollection<string> serials, string reason, DateTimeOffset now) =>
        new([.. Issued.Select(one => serials.Contains(one.Serial) && one.RevokedAt is null ? one with { RevokedAt = now, Reason = reason } : one)]);

    public IssuedCertificate? Revoked(string serial) => Issued.Find(one => one.RevokedAt is not null && string.Equals(one.Serial, serial, StringComparison.OrdinalIgnoreCase));

    public string Text() => new JsonObject
    {
        ["apiVersion"] = ApiVersion,
        ["kind"] = Kind,
        ["certificates"] = new JsonArray([.. Issued.Select(Document)]),
    }.ToJsonString(Readable) + "\n";

    /// <summary>A register that cannot be read revokes nobody, so it is Damaged, and whoever asks takes nobody.</summary>
    public static Outcome<CertificateRegister> Parse(string text, string file)
    {
        try
        {
            return JsonNode.Parse(text) is JsonObject document && (string?)document["apiVersion"] == ApiVersion && (string?)document["kind"] == Kind && document["certificates"] is JsonArray certificates
                ? new CertificateRegister([.. certificates.Select(one => Read(one as JsonObject ?? throw new FormatException("a certificate is no object")))])
                : Damaged(file, $"it is no {Kind} of {ApiVersion}");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return Damaged(file, e.Message);
        }
    }

    private static JsonObject Document(IssuedCertificate one)
    {
        JsonObject document = new()
        {
            ["serial"] = one.Serial,
            ["role"] = one.Peer.Role.Word(),
            ["name"] = one.Peer.Name,
            ["from"] = Stamp(one.From),
            ["until"] = Stamp(one.Until),
        };
        if (one.Addresses.Count > 0) document["addresses"] = new JsonArray([.. one.Addresses.Select(address => (JsonNode)address)]);
        if (one.RevokedAt is { } at) document["revokedAt"] = Stamp(at);
        if (one.Reason is { } reason) document["reason"] = reason;
        return document;
    }

    private static IssuedCertificate Read(JsonObject one)
    {
        var peer = PeerName.Of(Text(one, "role"), Text(one, "name"));
        if (!peer.IsOk) throw new FormatException(peer.Problems[0].What);
        return new(Text(one, "serial"), peer.Value, [.. (one["addresses"] as JsonArray ?? []).Select(address => (string?)address ?? "")], Time(Text(one, "from")), Time(Text(one, "until")))
        {
            RevokedAt = (string?)one["revokedAt"] is { } at ? Time(at) : null,
            Reason = (string?)one["reason"],
        };
    }

    private static string Text(JsonObject one, string name) => (string?)one[name] ?? throw new FormatException($"a certificate has no {name}");

    private static string Stamp(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static Problem Damaged(string file, string why) => new(ProblemKind.Damaged, "certs.register", $"{file} is not what was written.")
    {
        Why = why,
        Mend = "take it from a backup (`holdfast restore`): without it nobody knows which certificates are revoked, and none is taken",
    };
}
