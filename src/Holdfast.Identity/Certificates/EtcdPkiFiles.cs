using Holdfast.Platform;

namespace Holdfast.Identity.Certificates;

/// <summary>The certificates of an etcd that the cluster runs itself. They are of an authority of their own: whoever may call the API must not open the store with that.</summary>
public sealed record EtcdPkiFiles(Home Home)
{
    public string Folder => Path.Combine(Home.Pki, "etcd");

    /// <summary>On the node that began the cluster, and in its backups.</summary>
    public string AuthorityKey => In("authority.key");

    public string AuthorityCertificate => In("authority.pem");

    /// <summary>Whose certificates a member takes, of clients and of other members.</summary>
    public string Roots => In("roots.pem");

    /// <summary>Key and certificate of what a member shows to clients, in one file: they are replaced together or not at all.</summary>
    public string Server => In("server.pem");

    /// <summary>The same for what members show each other.</summary>
    public string Peer => In("peer.pem");

    /// <summary>The same for what this node shows as a client.</summary>
    public string Client => Path.Combine(Home.Pki, "etcd.pem");

    /// <summary>Whose certificates this node takes as a client.</summary>
    public string ClientRoots => Path.Combine(Home.Pki, "etcd-roots.pem");

    private string In(string name) => Path.Combine(Folder, name);
}
