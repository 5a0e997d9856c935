using System.Globalization;
using Holdfast.Core.Documents;
using Holdfast.Core.Packages;
using Holdfast.Core.Problems;

namespace Holdfast.Packaging.Trust;

/// <summary>From a policy's document to a <see cref="TrustPolicy"/>, or to everything that is wrong with it.</summary>
internal sealed class TrustPolicyReader(string file)
{
    private readonly PolicyDocument read = new();

    public Outcome<TrustPolicy> Read(DocumentNode document)
    {
        var root = read.Mapping(document, "a trust policy", "apiVersion", "kind", "roots", "signers", "revoked", "hostExecutables", "pinnedServices");
        if (root is null) return read.Problems;
        Expect(root, "apiVersion", "holdfast/v1");
        Expect(root, "kind", "TrustPolicy");
        PolicyFiles files = new(file, read);
        var roots = read.Items(root, "roots").SelectMany(files.Certificates).ToList();
        if (roots.Count == 0 && read.Problems.Count == 0) read.Note(root.Place, "policy.no-roots", "the policy names no roots", "without one nothing is trusted", "name your authority's root certificate under 'roots'");
        var signers = read.Items(root, "signers").Select(ReadRule).ToList();
        if (signers.Count == 0 && read.Problems.Count == 0) read.Note(root.Place, "policy.no-signers", "the policy has no rule under 'signers'", "a service that no rule names is not trusted", "add '- service: \"*\"' with the identities that may sign");
        var revoked = ReadRevocations(root, files);
        var executables = read.Items(root, "hostExecutables").Select(ReadExecutable).ToList();
        var pinned = read.Text(root, "pinnedServices");
        if (pinned is not (null or "allowed" or "forbidden"))
            read.Note(root.Find("pinnedServices")!.Value.Place, "policy.pinned-services", $"pinnedServices is '{pinned}'; allowed or forbidden is expected");
        if (read.Problems.Count > 0) return read.Problems.OrderBy(p => p.Where?.Line).ThenBy(p => p.Where?.Column).ToArray();
        return new TrustPolicy { Source = file, Roots = roots, Signers = signers!, Revoked = revoked, HostExecutables = executables!, AllowsPinned = pinned != "forbidden" };
    }

    private void Expect(MappingNode root, string key, string value)
    {
        if (read.Required(root, key, "the policy") is { } given && given != value)
            read.Note(root.Find(key)!.Value.Place, "policy.kind", $"{key} is '{given}'; '{value}' is expected");
    }

    private SignerRule? ReadRule(DocumentNode node)
    {
        if (read.Mapping(node, "a rule under signers", "service", "identities", "required") is not { } rule) return null;
        var service = read.Required(rule, "service", "a rule under signers");
        var identities = read.Items(rule, "identities").Select(ReadIdentity).OfType<IdentityPattern>().ToList();
        var required = 1;
        if (read.Text(rule, "required") is { } text && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out required) || required is < 1 or > 16))
            read.Note(rule.Find("required")!.Value.Place, "policy.required", $"required is '{text}'; a number from 1 to 16 is expected", null, "a package without any signature is never trusted");
        return service is null ? null : new(service, identities, required);
    }

    private IdentityPattern? ReadIdentity(DocumentNode node)
    {
        if (read.Mapping(node, "an identity", "subject", "san", "thumbprint") is not { } identity) return null;
        if (identity.Entries.Count != 1)
        {
            read.Note(identity.Place, "policy.identity", $"an identity names {identity.Entries.Count} things; one of subject, san and thumbprint is expected", null, "write a list item for each");
            return null;
        }

        var thumbprint = read.Text(identity, "thumbprint");
        return new(read.Text(identity, "subject"), read.Text(identity, "san"), thumbprint is null ? null : Hash(thumbprint, identity.Find("thumbprint")!.Value.Place, "a thumbprint"));
    }

    private Revocations ReadRevocations(MappingNode root, PolicyFiles files)
    {
        if (!root.TryGet("revoked", out var node) || node.IsNothing || read.Mapping(node, "revoked", "certificates", "packages", "lists") is not { } revoked)
            return new(new HashSet<string>(), new HashSet<string>(), new HashSet<string>(), []);
        HashSet<string> thumbprints = new(StringComparer.Ordinal), serials = new(StringComparer.Ordinal), packages = new(StringComparer.Ordinal);
        foreach (var item in read.Items(revoked, "certificates"))
        {
            if (read.Mapping(item, "a revoked certificate", "thumbprint", "serial") is not { } certificate) continue;
            if (read.Text(certificate, "thumbprint") is { } thumbprint && Hash(thumbprint, item.Place, "a thumbprint") is { } hash) thumbprints.Add(hash);
            if (read.Text(certificate, "serial") is { } serial && Serial(serial, item.Place) is { } number) serials.Add(number);
            if (certificate.Entries.Count == 0) read.Note(item.Place, "policy.revoked", "a revoked certificate needs a thumbprint or a serial");
        }

        foreach (var item in read.Items(revoked, "packages"))
        {
            if (read.Text(item, "a revoked package") is not { } digest) continue;
            if (PackageDigest.IsValid(digest)) packages.Add(digest);
            else read.Note(item.Place, "policy.digest", $"'{digest}' is no digest of a package", null, "write sha256: and 64 lower-case hexadecimal digits, as 'holdfast inspect' shows it");
        }

        return new(thumbprints, serials, packages, [.. read.Items(revoked, "lists").Select(files.RevocationList).OfType<RevocationList>()]);
    }

    private HostExecutable? ReadExecutable(DocumentNode node)
    {
        if (read.Mapping(node, "a host executable", "path", "sha256") is not { } executable) return null;
        var path = read.Required(executable, "path", "a host executable");
        if (path is not null && !IsAbsolute(path))
            read.Note(executable.Find("path")!.Value.Place, "policy.path", $"the path '{path}' is not absolute", null, "write the path as the services' commands name it");
        if (executable.Find("sha256") is not { } entry)
        {
            read.Note(executable.Place, "policy.missing-key", "a host executable has no 'sha256'", "what runs is pinned by its digest", "write what 'sha256sum' says of the file");
            return null;
        }

        var nodes = entry.Value is SequenceNode several ? several.Items : [entry.Value];
        var digests = nodes.Select(n => read.Text(n, "sha256") is { } text ? Hash(text, n.Place, "sha256") : null).OfType<string>().ToList();
        return path is null || digests.Count == 0 ? null : new(path, digests);
    }

    private string? Hash(string text, Place place, string what)
    {
        var hex = text.Replace(":", "", StringComparison.Ordinal).ToLowerInvariant();
        if (PackageDigest.IsHex(hex)) return hex;
        read.Note(place, "policy.digest", $"{what} is '{text}'; 64 hexadecimal digits (SHA-256) are expected");
        return null;
    }

    private string? Serial(string text, Place place)
    {
        var hex = text.Replace(":", "", StringComparison.Ordinal).ToUpperInvariant().TrimStart('0');
        if (hex.Length is > 0 and <= 40 && hex.All(char.IsAsciiHexDigitUpper)) return hex;
        read.Note(place, "policy.serial", $"the serial '{text}' is not hexadecimal");
        return null;
    }

    /// <summary>A policy may be written on one system for another: both forms of absolute paths are known.</summary>
    private static bool IsAbsolute(string path) => path.StartsWith('/') || (path.Length > 2 && char.IsAsciiLetter(path[0]) && path[1] == ':' && path[2] is '\\' or '/');
}
