using System.Text.RegularExpressions;
using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Rules;
using Holdfast.Core.Services.Shapes;

namespace Holdfast.Core.Services.Fields;

internal static class OutputFields
{
    private sealed record Extent(long Size, TimeSpan Age);

    private static readonly OutputSpec Blank = new();

    private static readonly GroupShape<Extent> Rotate = new("Rotate", new Extent(Blank.RotateBytes, Blank.RotateAge),
        new Field<Extent, long>("size", new SizeShape(64 << 10), e => e.Size, (e, v) => e with { Size = v },
            "A new segment at this size.") { Example = "16MiB" },
        new Field<Extent, TimeSpan>("age", new DurationShape(TimeSpan.FromSeconds(1)), e => e.Age, (e, v) => e with { Age = v },
            "A new segment at this age.") { Example = "1h" });

    private static readonly GroupShape<Extent> Keep = new("Keep", new Extent(Blank.KeepBytes, Blank.KeepAge),
        new Field<Extent, long>("size", new SizeShape(64 << 10), e => e.Size, (e, v) => e with { Size = v },
            "The oldest segments go when all of them together exceed this size.") { Example = "10GiB" },
        new Field<Extent, TimeSpan>("age", new DurationShape(TimeSpan.FromSeconds(1)), e => e.Age, (e, v) => e with { Age = v },
            "Segments older than this go.") { Example = "180d" });

    private static readonly GroupShape<RedactionSpec> Redact = new("Redact", new RedactionSpec(),
        new Field<RedactionSpec, IReadOnlyList<string>>("without", new ListShape<string>("list of built-in rules", new ChoiceShape<string>(
                ("pan", "pan", "Card numbers (with a valid check digit)."),
                ("bearer", "bearer", "Bearer tokens."),
                ("private-key", "private-key", "Private keys in PEM."))),
            r => r.Without, (r, v) => r with { Without = v },
            "Built-in rules that are switched off.") { Example = "[pan]" },
        new Field<RedactionSpec, IReadOnlyDictionary<string, string>>("patterns",
            new MapShape<string>("mapping of a rule's name to a regular expression", Names.Rule, new TextShape("regular expression") { Most = 1000, Check = CheckPattern }),
            r => r.Patterns, (r, v) => r with { Patterns = v },
            "Own rules. What an expression matches is made unreadable; hits are counted by the rule's name.") { Example = "{iban: '[A-Z]{2}[0-9]{20}'}" });

    public static GroupShape<OutputSpec> Shape { get; } = new("Output", Blank,
        new Field<OutputSpec, string>("encoding", Encodings.Shape, o => o.Encoding, (o, v) => o with { Encoding = v },
            "The encoding that the service writes. Lines are kept as UTF-8.") { Example = "gb18030", Synonyms = ["charset"] },
        new Field<OutputSpec, OverflowPolicy>("onFull", new ChoiceShape<OverflowPolicy>(
                ("drop", OverflowPolicy.Drop, "What cannot be written is counted and dropped: the service is never held up."),
                ("block", OverflowPolicy.Block, "The service waits until its line can be written: none is lost, and the wait is counted.")),
            o => o.OnFull, (o, v) => o with { OnFull = v },
            "What happens to output that cannot be written, as on a full disk.") { Example = "block", Synonyms = ["overflow"] },
        new Field<OutputSpec, Extent>("rotate", Rotate, o => new Extent(o.RotateBytes, o.RotateAge), (o, v) => o with { RotateBytes = v.Size, RotateAge = v.Age },
            "When a new segment begins.") { Example = "{size: 16MiB}", Synonyms = ["rotation"] },
        new Field<OutputSpec, Extent>("keep", Keep, o => new Extent(o.KeepBytes, o.KeepAge), (o, v) => o with { KeepBytes = v.Size, KeepAge = v.Age },
            "How much output is kept on the node.") { Example = "{size: 10GiB, age: 180d}", Synonyms = ["retention", "retain"] },
        new Field<OutputSpec, RedactionSpec>("redact", Redact, o => o.Redaction, (o, v) => o with { Redaction = v },
            "What is made unreadable before a line reaches the disk: card numbers, bearer tokens and private keys unless switched off, and own patterns.")
        { Example = "{patterns: {iban: '[A-Z]{2}[0-9]{20}'}}", Synonyms = ["redaction", "mask"] });

    private static Fault? CheckPattern(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant).IsMatch("")
                ? new(SpecRules.Pattern, "matches the empty text", "it would match everywhere", "make something in it required: + where * stands")
                : null;
        }
        catch (NotSupportedException)
        {
            return new(SpecRules.Pattern, "needs backtracking", "back-references, look-around, atomic groups and very large counts can take exponential time", "write it without them");
        }
        catch (ArgumentException invalid)
        {
            return new(SpecRules.Pattern, "is not a regular expression", Reason(invalid), "a pattern is best written in single quotes");
        }
    }

    private static string Reason(ArgumentException invalid) => invalid is RegexParseException parse ? $"{parse.Error} at character {parse.Offset}" : invalid.Message;
}
