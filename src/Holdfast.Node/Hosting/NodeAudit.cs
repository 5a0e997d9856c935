using Holdfast.Core.Problems;
using Holdfast.Node.Packages;
using Holdfast.Packaging.Content;
using Holdfast.Platform;
using Holdfast.Telemetry.Auditing;

namespace Holdfast.Node.Hosting;

/// <summary>Opens the node's audit log with the key that signs it: made once, readable by the agent's account only.</summary>
internal static class NodeAudit
{
    private const string KeyFile = "audit.key";

    /// <summary>Problems: those of the log, <c>audit.signing-key</c>, <c>policy.*</c>, <c>files.*</c>.</summary>
    /// <param name="home">Whose agent lock the caller holds.</param>
    /// <param name="node">The node's name, in every entry.</param>
    /// <param name="time">For the entries.</param>
    public static Outcome<AuditLog> Open(Home home, string node, TimeProvider time) => Open(home, node, isCopy: false, time);

    /// <summary>The log of a restored home: it goes on by itself, and its checkpoints say so.</summary>
    public static Outcome<AuditLog> Continue(Home home, string node, TimeProvider time) => Open(home, node, isCopy: true, time);

    private static Outcome<AuditLog> Open(Home home, string node, bool isCopy, TimeProvider time) => AuditPolicyFile.Retention(home).Then(retention => Signer(home).Then(signer =>
    {
        var options = AuditRedaction.Options(node) with { Signer = signer, IsCopy = isCopy, Clock = ClockQuality.Read };
        return AuditLog.Open(home.Audit, retention is { } kept ? options with { Retention = kept } : options, time);
    }));

    private static Outcome<AuditSigner> Signer(Home home)
    {
        var file = Path.Combine(home.Keys, KeyFile);
        try
        {
            if (File.Exists(file)) return AuditSigner.FromPem(File.ReadAllText(file));
            if (AuditLog.HasSigned(home.Audit)) return AuditSigner.Bad($"{file} is missing, and the log in {home.Audit} was signed with it");
            var folder = FolderRights.Ensure(home.Keys, FolderRights.OwnerOnly);
            if (!folder.IsOk) return Outcome.Failed<AuditSigner>(folder.Problems);
            var pem = AuditSigner.NewPem();
            return DurableFile.Write(file, System.Text.Encoding.ASCII.GetBytes(pem)).Then(_ => AuditSigner.FromPem(pem));
        }
        catch (Exception exception) when (FileTrouble.Is(exception))
        {
            return FileTrouble.From(exception, $"read the key of the audit log {file}");
        }
    }
}
