using Holdfast.Core.Documents;
using Holdfast.Core.Problems;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Holdfast.Packaging.Documents;

/// <summary>One pass over the parser's events. What is refused is noted and reading goes on, so that all of it is told at once.</summary>
internal sealed class YamlReader(IParser parser, string file, List<Problem> problems)
{
    public DocumentNode? ReadStream()
    {
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out _))
        {
            problems.Add(DocumentProblems.Empty(new Place(file, 1, 1)));
            return null;
        }

        parser.Consume<DocumentStart>();
        var root = ReadNode(0);
        parser.Consume<DocumentEnd>();
        if (parser.Accept<DocumentStart>(out var second))
        {
            problems.Add(DocumentProblems.Many(At(second)));
            return null;
        }

        parser.Consume<StreamEnd>();
        if (root.IsNothing)
            problems.Add(DocumentProblems.Empty(root.Place));
        return root;
    }

    private DocumentNode ReadNode(int depth)
    {
        var next = parser.Consume<ParsingEvent>();
        var place = At(next);
        if (depth > YamlDocument.MaxDepth)
            throw new TooDeepException(place);
        RefuseDecoration(next, place);
        return next switch
        {
            Scalar scalar => new ScalarNode(place, scalar.Value, scalar.Style != ScalarStyle.Plain),
            MappingStart => ReadMapping(place, depth),
            SequenceStart => ReadSequence(place, depth),
            // An alias: noted above; the reading goes on without its value.
            _ => new ScalarNode(place, "", true),
        };
    }

    private SequenceNode ReadSequence(Place place, int depth)
    {
        var items = new List<DocumentNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
            items.Add(ReadNode(depth + 1));
        return new(place, items);
    }

    private MappingNode ReadMapping(Place place, int depth)
    {
        var entries = new List<MappingEntry>();
        var first = new Dictionary<string, Place>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = ReadNode(depth + 1);
            var value = ReadNode(depth + 1);
            if (key is not ScalarNode { IsNothing: false } name)
                problems.Add(DocumentProblems.KeyIsNoText(key.Place, key.Words));
            else if (name is { Text: "<<", Quoted: false })
                problems.Add(DocumentProblems.MergeKey(name.Place));
            else if (!first.TryAdd(name.Text, name.Place))
                problems.Add(DocumentProblems.DuplicateKey(name.Place, name.Text, first[name.Text]));
            else
                entries.Add(new(name.Text, name.Place, value));
        }

        return new(place, entries);
    }

    private void RefuseDecoration(ParsingEvent next, Place place)
    {
        if (next is AnchorAlias alias)
            problems.Add(DocumentProblems.Alias(place, alias.Value.Value));
        if (next is not NodeEvent node)
            return;
        if (!node.Anchor.IsEmpty)
            problems.Add(DocumentProblems.Anchor(place, node.Anchor.Value));
        // "!" alone is how the parser itself marks a quoted scalar.
        if (!node.Tag.IsEmpty && !(node.Tag.IsNonSpecific && next is Scalar { Style: not ScalarStyle.Plain }))
            problems.Add(DocumentProblems.Tag(place, node.Tag.IsNonSpecific ? "!" : node.Tag.Value));
    }

    private Place At(ParsingEvent next) => YamlDocument.PlaceOf(file, next.Start);
}
