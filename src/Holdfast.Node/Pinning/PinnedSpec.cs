using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Holdfast.Node.Pinning;

/// <summary>The spec of a pinned service as text, from what is given on a command line. Written once: from then on the file is what counts.</summary>
public sealed record PinnedSpec
{
    public required string Name { get; init; }

    public string? Description { get; init; }

    /// <summary>The name of the executable's file.</summary>
    public required string Executable { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    public string? WorkingFolder { get; init; }

    public string? User { get; init; }

    /// <summary>Groups, each with its rights' words.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Access { get; init; } = [];

    /// <summary>Beside what was given it says one thing: programs of this kind expect to be started where they lie.</summary>
    public string ToYaml()
    {
        var text = new StringBuilder("# What `holdfast service install` was told. Change it with `holdfast service edit`; any key: `holdfast explain service`.\n")
            .Append("apiVersion: holdfast/v1\nkind: Service\nname: ").Append(Name).Append('\n');
        if (Description is not null) text.Append("description: ").Append(Quoted(Description)).Append('\n');
        text.Append("command:\n  - ").Append(Quoted(Executable)).Append('\n');
        foreach (var word in Arguments) text.Append("  - ").Append(Quoted(Literal(word))).Append('\n');
        text.Append("workingFolder: ").Append(Quoted(WorkingFolder ?? ".")).Append('\n');
        if (User is not null) text.Append("user: ").Append(Quoted(User)).Append('\n');
        if (Access.Count > 0) text.Append("access:\n");
        foreach (var (group, rights) in Access) text.Append("  ").Append(Quoted(group)).Append(": ").Append(Quoted(rights)).Append('\n');
        if (Environment.Count > 0) text.Append("environment:\n");
        foreach (var (name, value) in Environment) text.Append("  ").Append(name).Append(": ").Append(Quoted(Literal(value))).Append('\n');
        return text.ToString();
    }

    /// <summary>What looks like one of our variables is not one: it was not written for us.</summary>
    private static string Literal(string word) => word.Replace("${", "$${", StringComparison.Ordinal);

    /// <summary>JSON's strings are YAML's.</summary>
    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
