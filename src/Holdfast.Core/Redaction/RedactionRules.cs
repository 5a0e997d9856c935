using System.Text.RegularExpressions;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;

namespace Holdfast.Core.Redaction;

/// <summary>What is made unreadable in a service's output: the built-in rules, its own patterns, and the values of its secrets. Immutable.</summary>
public sealed class RedactionRules
{
    private RedactionRules(IReadOnlyList<IRedactionRule> all, bool privateKeys) => (All, PrivateKeys) = (all, privateKeys);

    /// <summary>The rules that look at each line by itself.</summary>
    internal IReadOnlyList<IRedactionRule> All { get; }

    internal bool PrivateKeys { get; }

    /// <summary>All the problems of a spec's rules at once, or the rules.</summary>
    /// <param name="secrets">Values that must never reach the disk. Values under four bytes are not looked for.</param>
    public static Outcome<RedactionRules> Create(RedactionSpec spec, IEnumerable<string> secrets)
    {
        var problems = new List<Problem>();
        foreach (var name in spec.Without.Where(name => !RuleName.Optional.Contains(name)))
            problems.Add(new(ProblemKind.BadInput, "redaction.unknown-rule", $"there is no redaction rule '{name}'") { Mend = $"name one of {string.Join(", ", RuleName.Optional)}" });

        var rules = new List<IRedactionRule>();
        var values = new SecretRule(secrets);
        if (!values.IsEmpty) rules.Add(values);
        if (!spec.Without.Contains(RuleName.Bearer)) rules.Add(new BearerRule());
        if (!spec.Without.Contains(RuleName.Pan)) rules.Add(new PanRule());
        foreach (var (name, pattern) in spec.Patterns)
        {
            if (Compile(name, pattern).TryGet(out var regex)) rules.Add(new PatternRule(name, regex));
            else problems.AddRange(Compile(name, pattern).Problems);
        }

        return problems.Count > 0 ? problems : new RedactionRules(rules, !spec.Without.Contains(RuleName.PrivateKey));
    }

    /// <summary>The pattern, if it runs in linear time: look-around and back-references do not.</summary>
    public static Outcome<Regex> Compile(string name, string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return new Problem(ProblemKind.BadInput, "redaction.pattern", $"the redaction pattern '{name}' cannot be used: {e.Message}")
            {
                Mend = "write it without look-around and back-references: it must run in linear time",
            };
        }
    }
}
