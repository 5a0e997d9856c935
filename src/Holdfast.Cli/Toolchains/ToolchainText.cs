using System.Text.Json.Nodes;
using Holdfast.Cli.Output;
using Holdfast.Core.Toolchains;
using Holdfast.Delivery.Toolchains;

namespace Holdfast.Cli.Toolchains;

/// <summary>Toolchains as people and machines read them.</summary>
internal static class ToolchainText
{
    public static string Table(IEnumerable<InstalledToolchain> all, GoVersion? preferred)
    {
        var table = new Table("LANGUAGE", "VERSION", "PLATFORM", "ORIGIN", "USE", "DIGEST", "ROOT");
        foreach (var (record, _, root) in all)
            table.Add("go", record.Version.ToString(), record.Platform, Origin(record), record.Version == preferred ? "default" : "", Human.ShortDigest(record.Digest), root);
        return table.ToString();
    }

    public static JsonObject Document(InstalledToolchain toolchain, GoVersion? preferred) => new()
    {
        ["language"] = "go",
        ["version"] = toolchain.Record.Version.ToString(),
        ["platform"] = toolchain.Record.Platform,
        ["origin"] = Origin(toolchain.Record),
        ["from"] = toolchain.Record.From,
        ["default"] = toolchain.Record.Version == preferred,
        ["digest"] = toolchain.Record.Digest,
        ["tree"] = toolchain.Record.Tree,
        ["root"] = toolchain.Root,
        ["program"] = toolchain.Program,
        ["at"] = $"{toolchain.Record.At.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}",
    };

    public static JsonObject Document(ChosenToolchain chosen) => new()
    {
        ["language"] = "go",
        ["version"] = chosen.Toolchain.Record.Version.ToString(),
        ["program"] = chosen.Toolchain.Program,
        ["root"] = chosen.Toolchain.Root,
        ["digest"] = chosen.Toolchain.Record.Digest,
        ["reasons"] = new JsonArray([.. chosen.Reasons.Select(reason => new JsonObject { ["file"] = reason.Where?.File, ["line"] = reason.Where?.Line, ["says"] = reason.Says, ["means"] = reason.Means })]),
        ["sdk"] = chosen.Sdk is { } sdk ? new JsonObject { ["file"] = sdk.Place.File, ["line"] = sdk.Place.Line, ["version"] = sdk.Version, ["rollForward"] = sdk.RollForward } : null,
    };

    public static string Name(InstalledToolchain toolchain) => $"go {toolchain.Record.Version}";

    private static string Origin(ToolchainRecord record) => record.IsAdopted ? "adopted" : "installed";
}
