using System.Text.Json;
using Holdfast.Core.Problems;

namespace Holdfast.Core.Incidents;

/// <summary>Reads a bundle line by line, and believes none that is not as it was saved.</summary>
/// <param name="file">For problems.</param>
public sealed class BundleReader(string file)
{
    /// <summary>The rule of a bundle that is whole, with a decision that this version does not know.</summary>
    public const string Unknown = "incident.unknown";

    /// <summary>The rule of a bundle whose form this version does not know.</summary>
    public const string Version = "incident.version";

    private readonly List<IncidentLine.Decided> decisions = [];
    private IncidentLine.Head? head;
    private IncidentLine.End? end;
    private string last = LineChain.Beginning;
    private int lines;

    /// <summary>Takes the next line, without its newline. After a problem no other is taken.</summary>
    /// <returns>Problems: <c>incident.form</c>, <c>incident.version</c>, <c>incident.changed</c>, <c>incident.unknown</c>.</returns>
    public Outcome<Done> Add(ReadOnlySpan<byte> line)
    {
        lines++;
        if (end is not null) return Changed("there is something after its last line");
        if (LineChain.Split(line) is not { } split) return head is null ? NoBundle("it does not begin as one") : Changed("the line is none of a bundle");
        if (head is null && WhyNotOurs(split.Line) is { } other) return other;
        if (LineChain.HashOf(last, split.Line) != split.Hash) return Changed("the line, or the one before it, is not the one that was saved");
        last = split.Hash;
        try
        {
            return Take(JsonSerializer.Deserialize(split.Line, DecisionJson.Default.IncidentLine));
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            return NotKnown(split.Line, e.Message);
        }
    }

    /// <summary>There are no more lines.</summary>
    /// <returns>Problems: <c>incident.form</c>, <c>incident.cut-off</c>.</returns>
    public Outcome<IncidentBundle> Finish()
    {
        if (head is null) return NoBundle("it is empty");
        if (end is not null) return new IncidentBundle(head, decisions, end, last);
        return new Problem(ProblemKind.Damaged, "incident.cut-off", $"The bundle ends at line {lines}, without its last line.")
        {
            Where = new(file, lines, 1),
            Why = "it was not written or copied to its end",
            Mend = "copy or save it again: the node still has what it had",
        };
    }

    private Outcome<Done> Take(IncidentLine? line)
    {
        switch (line)
        {
            case IncidentLine.Head first when head is null:
                head = first;
                return Outcome.Done;
            case IncidentLine.Decided decided when head is not null:
                decisions.Add(decided);
                return Outcome.Done;
            case IncidentLine.End of when head is not null && of.Decisions == decisions.Count:
                end = of;
                return Outcome.Done;
            default:
                return Changed("the line has no place here");
        }
    }

    private Problem? WhyNotOurs(byte[] line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            if (!root.TryGetProperty("kind", out var kind) || kind.ValueKind != JsonValueKind.String || kind.GetString() != "Incident" || !root.TryGetProperty("apiVersion", out var version) || version.ValueKind != JsonValueKind.String)
                return NoBundle("it does not begin as one");
            return version.GetString() == IncidentLine.Head.V1
                ? null
                : new(ProblemKind.BadInput, Version, $"The bundle has the form {version.GetString()}, and this version of Holdfast knows {IncidentLine.Head.V1}.")
                {
                    Where = new(file, lines, 1),
                    Mend = "replay it with the version that saved it, or a later one",
                };
        }
        catch (JsonException)
        {
            return NoBundle("it does not begin as one");
        }
    }

    private Problem NoBundle(string why) => new(ProblemKind.BadInput, "incident.form", $"It is no bundle of decisions: {why}.")
    {
        Where = new(file, lines, 1),
        Mend = "give a file of `holdfast incident save`",
    };

    private Problem Changed(string what) => new(ProblemKind.Damaged, "incident.changed", $"The bundle was changed: {what}.")
    {
        Where = new(file, lines, 1),
        Mend = "take the file as it was saved, or save it again: the node still has what it had",
    };

    /// <summary>The line is as it was saved, but by a version that decides from something that this one does not know.</summary>
    private Problem NotKnown(byte[] line, string why) => new(ProblemKind.BadInput, Unknown, $"This version of Holdfast does not know a decision as {VersionOf(line)} made it.")
    {
        Where = new(file, lines, 1),
        Why = why,
        Mend = "replay it with that version",
    };

    private static string VersionOf(byte[] line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.TryGetProperty("version", out var version) && version.ValueKind == JsonValueKind.String ? $"version {version.GetString()}" : "another version";
        }
        catch (JsonException)
        {
            return "another version";
        }
    }
}
