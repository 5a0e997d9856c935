using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Holdfast.Core.Documents;
using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Rules;
using Holdfast.Core.Services.Schema;

namespace Holdfast.Core.Services.Shapes;

/// <summary>The rights of a group: words in a list, or with commas between them.</summary>
internal sealed class RightsShape : Shape<GroupRights>
{
    private const string NeverGiven = "write";

    private static readonly ChoiceShape<GroupRights> Right = new(
        ("read", GroupRights.Read, "Its data, its output, and a program that lies on the host with what is beside it."),
        ("execute", GroupRights.Execute, "The program, where it lies on the host."),
        ("control", GroupRights.Control, "Windows: start, stop, pause and continue a service of the SCM."));

    private static readonly ListShape<GroupRights> List = new("list of rights", Right) { Least = 1, Most = 3 };

    public override string Words => $"{List.Words}, of {Right.Words}";

    public override IReadOnlyList<(string Word, string Doc)> Choices => Right.Choices;

    public override bool TryRead(DocumentNode node, string path, SpecReading reading, [MaybeNullWhen(false)] out GroupRights value)
    {
        value = GroupRights.None;
        // Commas are a list's, in a text as well.
        if (node is ScalarNode { IsNothing: false } words)
            node = new SequenceNode(words.Place, [.. words.Text.Split(',').Select(word => words with { Text = word.Trim() })]);
        if (node is SequenceNode list && list.Items.OfType<ScalarNode>().FirstOrDefault(word => word.Text == NeverGiven) is { } write)
        {
            reading.Report(path, write.Place, new(SpecRules.AccessWrite, "gives a group `write`", SpecRules.AccessWrite.Reason, "leave it out; the account that writes is `user`"));
            return false;
        }

        if (!List.TryRead(node, path, reading, out var rights)) return false;
        value = rights.Aggregate(GroupRights.None, (all, one) => all | one);
        return true;
    }

    public override JsonNode ToJson(GroupRights value) => List.Write([.. Enum.GetValues<GroupRights>().Where(right => right != GroupRights.None && value.HasFlag(right))])!;

    public override JsonObject Schema(SchemaWriter writer) => new()
    {
        ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "string", ["pattern"] = "^(read|execute|control)( *, *(read|execute|control))*$" }, List.Schema(writer)),
    };
}
