using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using Holdfast.Cli.Output;
using Holdfast.Core.Problems;

namespace Holdfast.Cli.Commands;

internal sealed class VersionCommand : CliCommand
{
    private readonly Option<string> format = FormatOption.Plain();

    public VersionCommand(CliContext cli)
        : base(cli, "version", "Say which version this is")
    {
        Options.Add(format);
    }

    public static string Version { get; } =
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var shown = parse.Format(format);
        if (shown == OutputFormat.Text) Terminal.Line($"holdfast {Version}");
        else
        {
            Terminal.Document(
                new System.Text.Json.Nodes.JsonObject
                {
                    ["version"] = Version,
                    ["runtime"] = RuntimeInformation.FrameworkDescription,
                    ["platform"] = RuntimeInformation.RuntimeIdentifier,
                },
                shown);
        }

        return Task.FromResult(ExitCode.Ok);
    }
}
