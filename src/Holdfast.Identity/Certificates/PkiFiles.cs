using Holdfast.Platform;

namespace Holdfast.Identity.Certificates;

/// <summary>The files of <see cref="Home.Pki"/>. A node without an authority of its own has its roots and its own.</summary>
public sealed record PkiFiles(Home Home)
{
    public string AuthorityCertificate => In("authority.pem");

    public string AuthorityKey => In("authority.key");

    /// <summary>Whose certificates are taken; our own authority's at first. Another authority of the house may be added by hand.</summary>
    public string Roots => In("roots.pem");

    /// <summary>Key and certificate of this node in one file: they are replaced together or not at all.</summary>
    public string Node => In("node.pem");

    public string Register => In("register.json");

    /// <summary>Where the authority is: the tokens to join with that are out, by their hashes.</summary>
    public string Tokens => In("tokens.json");

    private string In(string name) => Path.Combine(Home.Pki, name);
}
