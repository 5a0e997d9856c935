using System.Text.Json.Nodes;

namespace Holdfast.Cli.Doctor;

internal enum Verdict
{
    Good,

    /// <summary>It works, but something that was promised is not enforced here.</summary>
    Lacking,

    /// <summary>It does not work until it is mended.</summary>
    Broken,
}

/// <summary>What a check found.</summary>
internal sealed record Finding(Verdict Verdict, string What, string? Mend = null)
{
    public JsonNode Document() => new JsonObject { ["verdict"] = Verdict.ToString().ToLowerInvariant(), ["what"] = What, ["mend"] = Mend };

    public override string ToString()
    {
        var mark = Verdict switch { Verdict.Good => "ok", Verdict.Lacking => "lacking", _ => "BROKEN" };
        return $"{mark,-8}  {What}{(Mend is null ? "" : $"; {Mend}")}";
    }
}
