namespace Holdfast.Node.Clusters;

/// <summary>What a machine says that wants to become a node. Nothing of it is believed before the secret is.</summary>
/// <param name="Secret">Of its token.</param>
/// <param name="Addresses">What it is to be called by.</param>
/// <param name="Request">For its key: PKCS#10, PEM.</param>
/// <param name="Version">Of its agent.</param>
/// <param name="Now">What its clock says.</param>
internal sealed record JoinAsk(ReadOnlyMemory<byte> Secret, string Node, IReadOnlyList<string> Addresses, string Request, string Version, DateTimeOffset Now);

/// <summary>What it gets.</summary>
/// <param name="Certificate">PEM.</param>
/// <param name="Roots">PEM.</param>
/// <param name="Cluster">What else there is to know of the cluster; empty: nothing.</param>
/// <param name="Serial">Of the certificate.</param>
internal sealed record JoinAnswer(string Certificate, string Roots, byte[] Cluster, string Serial);

/// <summary>A token that was given out just now.</summary>
/// <param name="Text">The only time that it is seen.</param>
internal sealed record GivenToken(string Text, DateTimeOffset Until);
