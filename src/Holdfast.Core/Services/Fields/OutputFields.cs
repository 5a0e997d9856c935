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

    private static readonly GroupShape<LineRateSpec> Rate = new("Rate", new LineRateSpec(),
        new Field<LineRateSpec, int>("lines", new NumberShape(1), r => r.Lines, (r, v) => r with { Lines = v },
            "Lines a second that are taken over time.") { Example = "5000", DefaultWords = "any number" },
        new Field<LineRateSpec, int>("burst", new NumberShape(1), r => r.Burst, (r, v) => r with { Burst = v },
            "Lines that are taken at once.") { Example = "50000", DefaultWords = "ten seconds' worth" });

    private static readonly ChoiceShape<LineFormat> FormatWord = new(
        ("json", LineFormat.Json, "Objects of JSON give their members to the event; all else is text."),
        ("text", LineFormat.Text, "Text, whatever it looks like."),
        ("logfmt", LineFormat.Logfmt, "Pairs of key=value give their members to the event, and so do objects of JSON."));

    private static readonly GroupShape<LineFormatSpec> Pattern = new("Pattern", new LineFormatSpec(),
        new Field<LineFormatSpec, string>("pattern", new TextShape("regular expression") { Most = 1000, Check = CheckPattern }, f => f.Pattern, (f, v) => f with { Pattern = v },
            "Its named groups are the parts of a line; in a name two underscores stand for a dot. A line that it does not match is text.")
        { Example = "'^(?<source__ip>[0-9.]+) (?<message>.+)$'", Required = true },
        new Field<LineFormatSpec, string>("time", new TextShape("form of a time") { Most = 100 }, f => f.Time, (f, v) => f with { Time = v },
            "The form of the group `time`, as .NET writes custom forms; it is taken as universal time where it says no zone.") { Example = "'dd/MMM/yyyy:HH:mm:ss zzz'", DefaultWords = "ISO 8601, or a number since 1970" });

    private static readonly TextShape FilePath = new("path or pattern") { Most = 1024, Check = PathForms.OutputFile };

    private static readonly GroupShape<OutputFileSpec> File = new("OutputFile", new OutputFileSpec(""),
        new Field<OutputFileSpec, string>("path", FilePath, f => f.Path.Length == 0 ? null : f.Path, (f, v) => f with { Path = v },
            "A file, or a pattern with * and ? in any part: relative to the instance's data folder, or an absolute path of the host. ${service}, ${instance} and ${folders.data} are replaced. "
            + "What rotation makes of a name that matches need not match.") { Required = true, Example = "logs/*.log", Synonyms = ["glob", "pattern", "file"] },
        new Field<OutputFileSpec, string>("encoding", Encodings.OfFile, f => f.Encoding, (f, v) => f with { Encoding = v },
            "The encoding of these files. Lines are kept as UTF-8.") { Example = "gb18030", Synonyms = ["charset"] });

    private static readonly TextShape ProviderName = new("name of an EventSource") { Most = 256 };

    private static readonly GroupShape<EventPipeSpec> Provider = new("EventPipe", new EventPipeSpec(""),
        new Field<EventPipeSpec, string>("provider", ProviderName, e => e.Provider.Length == 0 ? null : e.Provider, (e, v) => e with { Provider = v },
            "As the EventSource calls itself.") { Required = true, Example = "Holdfast-Ledger", Synonyms = ["name", "source"] },
        new Field<EventPipeSpec, EventPipeLevel>("level", new ChoiceShape<EventPipeLevel>(
                ("critical", EventPipeLevel.Critical, "Critical events."),
                ("error", EventPipeLevel.Error, "Errors, and what is more severe."),
                ("warning", EventPipeLevel.Warning, "Warnings, and what is more severe."),
                ("informational", EventPipeLevel.Informational, "Informational events, and what is more severe."),
                ("verbose", EventPipeLevel.Verbose, "All events.")),
            e => e.Level, (e, v) => e with { Level = v }, "Events of this level and of more severe ones.") { Example = "warning" },
        new Field<EventPipeSpec, string>("keywords", new TextShape("hexadecimal number") { Most = 18, Check = CheckKeywords }, e => e.Keywords, (e, v) => e with { Keywords = v },
            "Events that have any of these bits.") { Example = "\"0x1\"", DefaultWords = "all" });

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
        { Example = "{patterns: {iban: '[A-Z]{2}[0-9]{20}'}}", Synonyms = ["redaction", "mask"] },
        new Field<OutputSpec, LineRateSpec>("rate", new ShorthandShape<int, LineRateSpec>(new NumberShape(1), lines => new() { Lines = lines }, Rate, rate => rate.Burst is null ? rate.Lines : null),
            o => o.Rate, (o, v) => o with { Rate = v },
            "How many lines a second are taken. What is beyond is as what a full disk does not take: onFull says whether it is dropped and counted, or the service waits.")
        { Example = "5000", DefaultWords = "any number", Synonyms = ["rateLimit", "throttle"] },
        new Field<OutputSpec, TimeSpan>("silence", DurationShape.Positive, o => o.Silence, (o, v) => o with { Silence = v },
            "A service that runs and has written nothing for so long is told as one whose output is in trouble.") { Example = "10m", DefaultWords = "it need not write" },
        new Field<OutputSpec, LineFormatSpec>("format", new ShorthandShape<LineFormat, LineFormatSpec>(FormatWord, form => new() { Form = form }, Pattern, format => format.Pattern is null ? format.Form : null),
            o => o.Format, (o, v) => o with { Format = v },
            "How lines are taken apart on their way to sinks; they are kept as they are.") { Example = "logfmt", DefaultWords = "json", Synonyms = ["parser", "codec"] },
        new Field<OutputSpec, IReadOnlyList<OutputFileSpec>>("files", new ListShape<OutputFileSpec>("list of files", new ShorthandShape<string, OutputFileSpec>(FilePath, path => new(path), File, file => file.Encoding == "utf-8" ? file.Path : null)) { Most = 32 },
            o => o.Files, (o, v) => o with { Files = v },
            "Files that the service writes lines into itself: they are kept and delivered as its other output is, over their rotation.") { Example = "[logs/*.log]", Synonyms = ["logs", "paths"] },
        new Field<OutputSpec, IReadOnlyList<EventPipeSpec>>("eventPipe", new ListShape<EventPipeSpec>("list of EventSources", new ShorthandShape<string, EventPipeSpec>(ProviderName, name => new(name), Provider, one => one is { Level: EventPipeLevel.Informational, Keywords: null } ? one.Provider : null)) { Most = 32 },
            o => o.EventPipe, (o, v) => o with { EventPipe = v },
            "EventSources of a .NET service whose events are kept and delivered beside its output; what its runtime had to drop is counted as lost.") { Example = "[Holdfast-Ledger]", Synonyms = ["eventSources", "providers"] });

    private static Fault? CheckKeywords(string keywords) => new EventPipeSpec("") { Keywords = keywords }.Mask is null
        ? new(SpecRules.Number, "is no hexadecimal number", null, "write it in quotes, with 0x before it: \"0x1\"")
        : null;

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
