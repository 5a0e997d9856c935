using System.Globalization;
using Holdfast.Core.Capture;
using Holdfast.Core.Documents;
using Holdfast.Core.Problems;
using Holdfast.Core.Services.Units;
using Holdfast.Packaging.Content;
using Holdfast.Packaging.Documents;
using Holdfast.Packaging.Trust;
using Holdfast.Platform;

namespace Holdfast.Node.Storing;

/// <summary>The file <c>policy/output.yaml</c> of a node's home: how much of the disk output leaves free, and whether closed segments are compressed and encrypted.</summary>
internal static class OutputPolicyFile
{
    public static string Of(Home home) => Path.Combine(home.Policy, "output.yaml");

    /// <summary>The text of the file; empty: there is none. Problems: what the disk says.</summary>
    public static Outcome<string> Text(Home home)
    {
        var file = Of(home);
        try
        {
            return File.Exists(file) ? File.ReadAllText(file) : "";
        }
        catch (Exception e) when (FileTrouble.Is(e))
        {
            return FileTrouble.From(e, $"read {file}");
        }
    }

    /// <summary>Problems: <c>policy.*</c>; all at once.</summary>
    /// <param name="text">Of the file; empty: all as usual.</param>
    /// <param name="file">Its name, for problems.</param>
    public static Outcome<OutputPolicy> Parse(string text, string file) => text.Length == 0 ? OutputPolicy.Usual : YamlDocument.Read(text, file).Then(Read);

    private static Outcome<OutputPolicy> Read(DocumentNode document)
    {
        PolicyDocument read = new();
        if (read.Mapping(document, "the output policy", "apiVersion", "kind", "reserve", "undelivered", "closed") is not { } root) return read.Problems;
        foreach (var (key, value) in new[] { ("apiVersion", "holdfast/v1"), ("kind", "OutputPolicy") })
        {
            if (read.Required(root, key, "the output policy") is { } given && given != value) read.Note(root.Find(key)!.Value.Place, "policy.kind", $"{key} is '{given}'; '{value}' is expected");
        }

        var undelivered = read.Text(root, "undelivered") ?? "go";
        if (undelivered is not ("go" or "keep")) read.Note(root.Find("undelivered")!.Value.Place, "policy.word", $"undelivered is '{undelivered}'; 'go' or 'keep' is expected");
        var reserve = Reserve(read, root) with { KeepsUndelivered = undelivered == "keep" };
        var (compress, encrypt) = root.TryGet("closed", out var node) && read.Mapping(node, "closed", "compress", "encrypt") is { } closed ? (IsOn(read, closed, "compress"), IsOn(read, closed, "encrypt")) : (false, false);
        return read.Problems.Count > 0 ? read.Problems.OrderBy(p => p.Where?.Line).ThenBy(p => p.Where?.Column).ToArray() : new OutputPolicy(reserve, compress, encrypt);
    }

    private static DiskReserve Reserve(PolicyDocument read, MappingNode root)
    {
        if (read.Text(root, "reserve") is not { } said) return DiskReserve.Usual;
        if (SizeText.TryParse(said, out var bytes)) return new(bytes, null, false);
        if (said.EndsWith('%') && double.TryParse(said.AsSpan(0, said.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent is >= 0 and < 100) return new(null, percent / 100, false);
        read.Note(root.Find("reserve")!.Value.Place, "policy.size", $"reserve is '{said}'; a size or a part of the disk is expected", null, "2GiB, or 5%; 0B: none");
        return DiskReserve.Usual;
    }

    private static bool IsOn(PolicyDocument read, MappingNode mapping, string key)
    {
        var said = read.Text(mapping, key) ?? "false";
        if (said is not ("true" or "false")) read.Note(mapping.Find(key)!.Value.Place, "policy.word", $"{key} is '{said}'; true or false is expected");
        return said == "true";
    }
}
