using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Holdfast.Cli.Output;
using Holdfast.Packaging.Layout;
using Holdfast.Packaging.Reading;

namespace Holdfast.Cli.Documents;

/// <summary>A package, for machines and people.</summary>
internal static class PackageText
{
    public static JsonNode Document(PackageInfo package) => new JsonObject
    {
        ["digest"] = package.Digest,
        ["name"] = package.Name,
        ["version"] = package.Version,
        ["packageBytes"] = package.PackageBytes,
        ["signatures"] = new JsonArray([.. package.Signatures.Select(Document)]),
        ["attachments"] = new JsonArray([.. package.Attachments.Select(type => (JsonNode)type)]),
        ["files"] = new JsonArray([.. package.Files.Select(Document)]),
        ["spec"] = Encoding.UTF8.GetString(package.Spec.Span),
    };

    public static JsonNode Document(PackageFile file) => new JsonObject
    {
        ["path"] = file.Path,
        ["digest"] = file.Digest,
        ["size"] = file.Size,
        ["mode"] = file.Mode,
        ["access"] = Word(file.Access),
    };

    public static string Text(PackageInfo package)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{package.Name} {package.Version}, {Human.Size(package.PackageBytes)}\n{package.Digest}\n\n");
        var files = new Table("MODE", "ACCESS", "SIZE", "DIGEST", "FILE");
        foreach (var file in package.Files) files.Add(file.Mode, Word(file.Access), Human.Size(file.Size), Human.ShortDigest(file.Digest), file.Path);
        text.Append(files).Append('\n');
        if (package.Signatures.Count == 0) text.Append("Not signed.\n");
        foreach (var signature in package.Signatures) text.Append(Line(signature));
        foreach (var attachment in package.Attachments) text.Append(CultureInfo.InvariantCulture, $"Attached: {Printable.Text(attachment)}\n");
        return text.ToString();
    }

    private static JsonNode Document(SignatureInfo signature) => new JsonObject
    {
        ["subject"] = signature.Subject,
        ["issuer"] = signature.Issuer,
        ["thumbprint"] = signature.Thumbprint,
        ["notBefore"] = Stamp(signature.NotBefore),
        ["notAfter"] = Stamp(signature.NotAfter),
        ["signedAt"] = signature.SignedAt is { } at ? Stamp(at) : null,
        ["unreadable"] = signature.Unreadable,
    };

    private static string Line(SignatureInfo signature) => signature.Unreadable is { } why
        ? $"A signature that cannot be read: {Printable.Text(why)}\n"
        : Printable.Text($"Claims to be signed by {signature.Subject} (issued by {signature.Issuer}, valid until {signature.NotAfter:yyyy-MM-dd})") + "\n";

    private static string Word(Core.Services.AccessClass access)
    {
        var name = access.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    private static string Stamp(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
