using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests.Cluster;

internal static class ClusterTrust
{
    /// <summary>Gives a node what another one trusts, and a certificate of that one's authority.</summary>
    public static async Task CopyAsync(TestNode from, TestNode to, string name, string address)
    {
        foreach (var folder in new[] { "keys", "policy" })
        {
            Directory.CreateDirectory(Path.Combine(to.Home, folder));
            foreach (var file in Directory.EnumerateFiles(Path.Combine(from.Home, folder)).Where(file => Path.GetFileName(file) is "dev-ca.pem" or "trust.yaml"))
                File.Copy(file, Path.Combine(to.Home, folder, Path.GetFileName(file)));
        }

        (await from.HoldfastAsync("certs", "issue", "node", name, "--address", address)).Ok();
        var pki = Path.Combine(to.Home, "keys", "pki");
        Directory.CreateDirectory(pki);
        File.Copy(Path.Combine(from.Home, "keys", "pki", "roots.pem"), Path.Combine(pki, "roots.pem"));
        File.Copy(Path.Combine(from.Work, $"{name}.pem"), Path.Combine(pki, "node.pem"));
    }
}
