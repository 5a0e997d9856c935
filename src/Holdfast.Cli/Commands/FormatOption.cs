using System.CommandLine;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Commands;

/// <summary><c>-o</c> of every reading command.</summary>
internal static class FormatOption
{
    public static Option<string> Plain() => Create("text", "json", "yaml");

    public static Option<string> WithWide() => Create("text", "wide", "json", "yaml");

    public static OutputFormat Format(this ParseResult parse, Option<string> option) => parse.GetValue(option) switch
    {
        "wide" => OutputFormat.Wide,
        "json" => OutputFormat.Json,
        "yaml" => OutputFormat.Yaml,
        _ => OutputFormat.Text,
    };

    public static bool IsDocument(this OutputFormat format) => format is OutputFormat.Json or OutputFormat.Yaml;

    private static Option<string> Create(params string[] words)
    {
        var option = new Option<string>("--output", "-o")
        {
            Description = $"How to write the result: {string.Join(", ", words)}",
            HelpName = string.Join('|', words),
            DefaultValueFactory = _ => words[0],
        };
        return option.AcceptOnlyFromAmong(words);
    }
}
