using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Trust;
using Holdfast.Platform;

namespace Holdfast.Node.Packages;

/// <summary>Checks an executable of the host against the policy's pin.</summary>
internal static class HostExecutableAdmission
{
    public static Outcome<HostExecutableRecord> Run(string path, TrustPolicy policy, Func<string, FileFacts?> look, DateTimeOffset now, CancellationToken cancel)
    {
        if (policy.FindHostExecutable(path) is not { } pin)
            return Refuse("trust.host-executable", $"{path} is an executable of the host that {policy.Source} does not pin", $"add it under 'hostExecutables' with its digest ('sha256sum {path}')");
        if (!File.Exists(path)) return Refuse("trust.host-executable-missing", $"the host executable {path} does not exist", "install it, or correct the command");
        var target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        if (look(target) is not { } before) return Refuse("trust.host-executable-missing", $"{path} is not a regular file", "correct the command");
        if ((FileFactsReader.OpenFolderAbove(path) ?? FileFactsReader.OpenFolderAbove(target)) is { } open)
            return Refuse("trust.host-executable-replaceable", $"{path} can be replaced by others: they may write {open}", $"chown and chmod go-w {open}, or install it elsewhere");
        if (before.WritableByOthers) return Refuse("trust.host-executable-writable", $"{target} can be written by others than its owner", $"chmod go-w {target}");
        var digest = FileDigest.Of(target, cancel);
        if (look(target) != before) return Refuse("trust.host-executable-changed", $"{target} changed while it was digested", "try again when it is installed");
        if (!pin.Sha256.Contains(digest))
            return Refuse("trust.host-executable-digest", $"{path} has the digest {digest}, which {policy.Source} does not pin", "if it was upgraded on purpose, pin the new digest beside the old one");
        return new HostExecutableRecord { Path = path, Target = target, Sha256 = digest, AdmittedAt = now, Facts = before };
    }

    private static Problem Refuse(string rule, string what, string mend) => new(ProblemKind.Refused, rule, what) { Mend = mend };
}
