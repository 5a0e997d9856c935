using System.Security.Cryptography.X509Certificates;
using Holdfast.Core.Problems;

namespace Holdfast.Identity.Certificates;

/// <summary>
/// Whom a certificate is for. It is written into the certificate as the URI <c>holdfast://operator/alice</c> among its alternative names: a subject is free
/// text that every authority fills in its own way, and says nothing of what somebody may do.
/// </summary>
/// <param name="Name">Lower-case letters, digits, and <c>. _ -</c> between them; at most 63.</param>
public sealed record PeerName(PeerRole Role, string Name)
{
    private const string Scheme = "holdfast://";
    private const int Longest = 63;

    public string Uri => $"{Scheme}{Role.Word()}/{Name}";

    /// <summary>As the record has it, <c>operator/alice</c>: no account of a system is named so.</summary>
    public override string ToString() => $"{Role.Word()}/{Name}";

    public static bool IsName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length is > 0 and <= Longest && char.IsAsciiLetterOrDigit(name[0]) && char.IsAsciiLetterOrDigit(name[^1])
            && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-');
    }

    /// <summary>From a role's word and a name; all that is wrong at once.</summary>
    public static Outcome<PeerName> Of(string role, string name)
    {
        List<Problem> problems = [];
        if (PeerRoles.Find(role) is null) problems.Add(new(ProblemKind.BadInput, "certs.role", $"'{role}' is no role.") { Mend = $"one of {string.Join(", ", PeerRoles.Words)}" });
        if (!IsName(name)) problems.Add(BadName(name));
        return problems.Count > 0 ? problems : new PeerName(PeerRoles.Find(role)!.Value, name);
    }

    /// <summary>Null: it is no such URI.</summary>
    public static PeerName? Parse(string uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        if (!uri.StartsWith(Scheme, StringComparison.Ordinal)) return null;
        return uri[Scheme.Length..].Split('/') is [var word, var name] && PeerRoles.Find(word) is { } role && IsName(name) ? new(role, name) : null;
    }

    /// <summary>Null: the certificate has no such name, or several, which is the same as none.</summary>
    public static PeerName? Of(X509Certificate2 certificate)
    {
        var ours = AlternativeNames.Of(certificate).Uris.Where(uri => uri.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)).ToArray();
        return ours is [var uri] ? Parse(uri) : null;
    }

    internal static Problem BadName(string name) => new(ProblemKind.BadInput, "certs.name", $"'{name}' is no name for a certificate.")
    {
        Mend = $"lower-case letters, digits, and . _ - between them, at most {Longest}",
    };
}
