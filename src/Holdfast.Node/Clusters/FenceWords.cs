using Holdfast.Core.Redaction;
using Holdfast.Core.Services;
using Holdfast.Node.Hosting;

namespace Holdfast.Node.Clusters;

/// <summary>Law 10 for commands that power nodes off, and for what they say: tools of BMCs like to repeat what they were given.</summary>
internal static class FenceWords
{
    private static readonly RedactionRules rules = RedactionRules.Create(
        new RedactionSpec { Patterns = new Dictionary<string, string> { ["password"] = @"(?i)\b(password|passwd|passphrase|pwd|secret|token|api[-_]?key)\b[""']?\s*[=:]\s*[""']?[^\s""',;]+" } }, []).Value;

    /// <summary>One line, without what looks like a secret.</summary>
    public static string Shown(string text) => AuditRedaction.Apply(text.ReplaceLineEndings(" "), rules).Trim();

    public static string Shown(IEnumerable<string> words) => Shown(string.Join(' ', words));
}
