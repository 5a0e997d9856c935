using Holdfast.Core.Packages;
using Holdfast.Core.Problems;

namespace Holdfast.Packaging.Trust;

/// <summary>The signers that counted, and why the other signatures did not.</summary>
internal sealed record TrustVerdict(IReadOnlyList<AdmittedSigner> Signers, IReadOnlyList<string> NotCounted);

/// <summary>Whether a package's signatures satisfy a policy.</summary>
internal static class TrustJudge
{
    public static Outcome<TrustVerdict> Judge(
        string service, string digest, ReadOnlyMemory<byte> manifest, IReadOnlyList<ReadOnlyMemory<byte>> signatures, TrustPolicy policy, DateTimeOffset now)
    {
        if (policy.Revoked.Packages.Contains(digest))
            return Refuse("trust.package-revoked", $"the package {digest} is revoked by {policy.Source}", null, "deploy another version");
        if (policy.Signers.FirstOrDefault(r => Wildcard.Matches(r.Service, service, ignoreCase: false)) is not { } rule)
            return Refuse("trust.no-rule", $"{policy.Source} has no rule for the service {service}", "a service that no rule names is not trusted", $"add a rule under 'signers' that matches {service}");
        if (signatures.Count == 0)
            return Refuse("trust.unsigned", $"the package of {service} is not signed", $"{policy.Source} asks for {Count(rule.Required)}", "sign it with 'holdfast sign'");
        var judge = new SignatureJudge(policy, rule, now);
        var verdicts = signatures.Select(s => judge.Judge(s, manifest)).ToList();
        var counted = verdicts.Where(v => v.Signer is not null).ToList();
        if (Distinct(counted) >= rule.Required)
            return new TrustVerdict([.. counted.Select(v => v.Signer!).OrderBy(s => s.Subject, StringComparer.Ordinal)], [.. verdicts.Where(v => v.Reason is not null).Select(v => v.Reason!)]);
        var problems = verdicts.Where(v => v.Reason is not null).Select(v => Refuse(v.Rule!, v.Reason!, null, MendFor(v.Rule!))).ToList();
        if (counted.Count > 0 || rule.Required > 1 || problems.Count == 0)
        {
            problems.Add(Refuse("trust.too-few-signers", $"the package of {service} has {Distinct(counted)} of {rule.Required} distinct signers that count",
                counted.Count > Distinct(counted) ? "several signatures are of one signer (same subject or same key)" : null, "have it signed by more of those whom the policy allows"));
        }

        return problems;
    }

    /// <summary>Signers who share a subject or a key, directly or through others, are one: a second certificate makes no second person.</summary>
    private static int Distinct(IReadOnlyList<SignatureVerdict> counted)
    {
        List<HashSet<string>> people = [];
        foreach (var verdict in counted)
        {
            HashSet<string> marks = new(StringComparer.Ordinal) { "subject " + verdict.Signer!.Subject, "key " + verdict.KeyDigest };
            foreach (var same in people.Where(p => p.Overlaps(marks)).ToList())
            {
                marks.UnionWith(same);
                people.Remove(same);
            }

            people.Add(marks);
        }

        return people.Count;
    }

    private static string Count(int required) => required == 1 ? "one signer" : $"{required} distinct signers";

    private static string MendFor(string rule) => rule switch
    {
        "trust.expired" or "trust.not-yet-valid" => "sign it again with a certificate that is valid now",
        "trust.unknown-root" => "sign it with a certificate under a root of the policy, or add the root to the policy's 'roots'",
        "trust.no-code-signing" => "use a certificate with the extended key usage codeSigning",
        "trust.revoked" => "sign it again with a certificate that is not revoked",
        "trust.identity" => "have an allowed signer sign it, or add the signer to the policy's 'identities'",
        _ => "sign it again with 'holdfast sign'",
    };

    private static Problem Refuse(string rule, string what, string? why, string mend) => new(ProblemKind.Refused, rule, what) { Why = why, Mend = mend };
}
