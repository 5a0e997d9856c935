using System.Text;

namespace Holdfast.Core.Services;

/// <summary>
/// <c>${name}</c> in commands and environment values. Known names: <c>service</c>, <c>instance</c>, <c>folders.code</c>,
/// <c>folders.data</c>, <c>ports.NAME</c>. <c>$${</c> stands for <c>${</c> itself; a lone <c>$</c> means nothing.
/// </summary>
public static class Expansion
{
    /// <summary>The names a text uses, in order; a <c>${</c> that is never closed gives the rest of the text.</summary>
    public static IReadOnlyList<string> Names(string text)
    {
        var names = new List<string>();
        _ = Expand(text, name =>
        {
            names.Add(name);
            return "";
        });
        return names;
    }

    /// <param name="text">May hold any number of <c>${name}</c>.</param>
    /// <param name="value">Gives a name's value; null leaves the text as it stands (the spec's rules have refused it before).</param>
    public static string Expand(string text, Func<string, string?> value)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(value);
        if (!text.Contains("${", StringComparison.Ordinal))
            return text;

        var result = new StringBuilder(text.Length);
        var at = 0;
        while (at < text.Length)
        {
            var rest = text.AsSpan(at);
            if (rest.StartsWith("$${"))
            {
                result.Append("${");
                at += 3;
            }
            else if (rest.StartsWith("${"))
            {
                var end = text.IndexOf('}', at);
                var name = end < 0 ? text[(at + 2)..] : text[(at + 2)..end];
                var next = end < 0 ? text.Length : end + 1;
                result.Append(value(name) ?? text[at..next]);
                at = next;
            }
            else
            {
                result.Append(text[at]);
                at++;
            }
        }

        return result.ToString();
    }
}
