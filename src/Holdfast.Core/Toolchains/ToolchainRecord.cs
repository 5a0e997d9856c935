using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Holdfast.Core.Packages;
using Holdfast.Core.Problems;

namespace Holdfast.Core.Toolchains;

/// <summary>What is kept of an installed toolchain.</summary>
/// <param name="Version">Of Go.</param>
/// <param name="Platform"><c>linux/amd64</c>; of an adopted one what it says itself.</param>
/// <param name="From">The mirror that it came from, or the folder where it was found.</param>
/// <param name="Archive">The archive's digest; null: it was adopted, and its files are where they were.</param>
/// <param name="Tree">The digest of the list of its files (<see cref="TreeList.Digest"/>).</param>
/// <param name="At">When it was installed.</param>
public sealed record ToolchainRecord(GoVersion Version, string Platform, string From, string? Archive, string Tree, DateTimeOffset At)
{
    private const string ApiVersion = "holdfast/v1";

    public bool IsAdopted => Archive is null;

    /// <summary>What it is known by: the archive's digest, and of an adopted one that of its files and their place.</summary>
    public string Digest => Archive ?? PackageDigest.Of(Encoding.UTF8.GetBytes($"{Tree}\n{From}"));

    public byte[] Text() => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["apiVersion"] = ApiVersion,
        ["kind"] = "Toolchain",
        ["language"] = "go",
        ["version"] = Version.ToString(),
        ["platform"] = Platform,
        ["from"] = From,
        ["archive"] = Archive,
        ["tree"] = Tree,
        ["at"] = At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
    }.ToJsonString() + "\n");

    /// <summary>Keys that this version does not know are passed over.</summary>
    /// <param name="name">The file's name, for messages.</param>
    /// <returns>Or <c>toolchain.record-damaged</c>.</returns>
    public static Outcome<ToolchainRecord> Read(byte[] text, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            if (Member(root, "apiVersion") == ApiVersion
                && GoVersion.TryParse(Member(root, "version"), out var version)
                && Member(root, "platform") is { } platform
                && Member(root, "from") is { } from
                && Member(root, "tree") is { } tree && PackageDigest.IsValid(tree)
                && Member(root, "archive") is var archive && (archive is null || PackageDigest.IsValid(archive))
                && DateTimeOffset.TryParse(Member(root, "at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
                return new ToolchainRecord(version, platform, from, archive, tree, at);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return Damaged(name);
        }

        return Damaged(name);
    }

    private static string? Member(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static Problem Damaged(string name) => new(ProblemKind.Damaged, "toolchain.record-damaged", $"{name} is not what was written") { Mend = "remove the folder, and install the toolchain again" };
}
