using Holdfast.Cli.Output;

namespace Holdfast.Cli.Tests.Fakes;

/// <summary>What a command wrote, and how it ended.</summary>
internal sealed record Run(int Code, string Out, string Error)
{
    /// <summary>Runs a command line in this process, as the executable would.</summary>
    public static async Task<Run> Of(string folder, string[] arguments, bool isTerminal, CancellationToken cancel)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var cli = new CliContext(new Terminal(output, error, isTerminal), new FixedTime(FixedTime.Now), folder);
        var code = await CommandLine.RunAsync(arguments, cli, cancel);
        return new Run(code, output.ToString(), error.ToString());
    }

    public static Task<Run> In(string folder, params string[] arguments) => Of(folder, arguments, false, CancellationToken.None);

    public static Task<Run> Against(FakeAgent agent, params string[] arguments) => In(agent.Home.Path, [.. arguments, "--home", agent.Home.Path]);
}
