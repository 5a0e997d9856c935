namespace Holdfast.Cli.Output;

/// <summary>How a result is written.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>For people, with everything.</summary>
    Wide,

    Json,

    Yaml,
}
