using System.Text.RegularExpressions;
using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Rules;

namespace Holdfast.Core.Services.Shapes;

/// <summary>How the user's own names must look: an expression for the schema, and what may not be said by one.</summary>
internal sealed class KeyForm(string pattern, SpecRule rule, Func<string, Fault?>? check = null)
{
    // $ also matches before a last line break in .NET, and only there.
    private readonly Regex expression = new(pattern.Replace("$", @"\z", StringComparison.Ordinal), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    public string Pattern { get; } = pattern;

    public Fault? Check(string key) => expression.IsMatch(key)
        ? check?.Invoke(key)
        : new(rule, $"`{(key.Length <= 60 ? key : key[..60] + "…").ReplaceLineEndings(" ")}` is not allowed here", rule.Reason);
}
