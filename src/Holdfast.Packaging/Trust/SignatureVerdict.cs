using Holdfast.Core.Packages;

namespace Holdfast.Packaging.Trust;

/// <summary>What the policy says of one signature: it counts, or the reason why it does not.</summary>
/// <param name="Signer">Null when it does not count.</param>
/// <param name="KeyDigest">SHA-256 of the signer's public key: one key is one signer, however many certificates it has.</param>
/// <param name="Rule">The rule that it broke; null when it counts.</param>
/// <param name="Reason">In words; null when it counts.</param>
internal sealed record SignatureVerdict(AdmittedSigner? Signer, string? KeyDigest, string? Rule, string? Reason)
{
    public static SignatureVerdict No(string rule, string reason) => new(null, null, rule, reason);
}
