using System.CommandLine;
using System.CommandLine.Invocation;
using Holdfast.Cli.Api;
using Holdfast.Cli.Commands;
using Holdfast.Core.Documents;
using Holdfast.Core.Problems;
using Holdfast.Rpc;

namespace Holdfast.Cli;

/// <summary>From arguments to an exit code. Whatever happens, a person sees lines, never a stack trace.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] arguments, CliContext cli, CancellationToken cancel)
    {
        try
        {
            var code = await InvokeAsync(arguments, cli, cancel);
            cli.Terminal.Flush();
            return code;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return Interrupted(cli);
        }
        catch (RpcException) when (cancel.IsCancellationRequested)
        {
            return Interrupted(cli);
        }
        catch (RpcException e)
        {
            FlushQuietly(cli);
            var code = cli.Terminal.Fail(ApiFailure.Explain(e, cli));
            return ApiFailure.IsBug(e) ? ExitCode.Bug : code;
        }
        catch (ClosedOutputException)
        {
            // Who read our output has had enough: `holdfast logs | head`.
            return ExitCode.Ok;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            FlushQuietly(cli);
            return cli.Terminal.Fail(HostFailure.Explain(e));
        }
        catch (PlatformNotSupportedException e)
        {
            return cli.Terminal.Fail(new Problem(ProblemKind.Failed, "host.not-supported", e.Message));
        }
#pragma warning disable CA1031 // The last place that can keep a stack trace from a person.
        catch (Exception e)
#pragma warning restore CA1031
        {
            FlushQuietly(cli);
            return BugReport.Write(cli, arguments, e);
        }
    }

    private static async Task<int> InvokeAsync(string[] arguments, CliContext cli, CancellationToken cancel)
    {
        var parse = Root.For(arguments, cli).Parse(arguments);
        cli.GivenHome = parse.GetValue(Root.HomeOption);
        if (parse.Errors.Count > 0 && parse.Action is ParseErrorAction) return Misspelt(parse, cli);
        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            // Signals are Program's: it knows what interrupting means.
            ProcessTerminationTimeout = null,
            Output = cli.Terminal.Out,
            Error = cli.Terminal.Error,
        };
        return await parse.InvokeAsync(configuration, cancel);
    }

    private static int Misspelt(ParseResult parse, CliContext cli)
    {
        var command = CommandPath(parse);
        if (parse.CommandResult.Parent is null && parse.UnmatchedTokens is [var unknown, ..]) return cli.Terminal.Fail(UnknownCommand(unknown));
        return cli.Terminal.Fail([.. parse.Errors.Select(error =>
            new Problem(ProblemKind.BadInput, "cli.arguments", error.Message.Replace("\t", "", StringComparison.Ordinal).TrimEnd('.')) { Mend = $"see `{command} --help`" })]);
    }

    private static Problem UnknownCommand(string given) => new(ProblemKind.BadInput, "cli.unknown-command", $"'{given}' is not a command")
    {
        Mend = Nearest.To(given, Root.Names) is { } nearest ? $"did you mean `holdfast {nearest}`?" : "see `holdfast --help`",
    };

    private static string CommandPath(ParseResult parse)
    {
        var names = new Stack<string>();
        for (var result = parse.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
            names.Push(result.Parent is null ? "holdfast" : result.Command.Name);
        return string.Join(' ', names);
    }

    private static int Interrupted(CliContext cli)
    {
        FlushQuietly(cli);
        return ExitCode.Interrupted;
    }

    private static void FlushQuietly(CliContext cli)
    {
        try
        {
            cli.Terminal.Flush();
        }
        catch (IOException)
        {
            // Nobody reads any more; the exit code still says what happened.
        }
    }
}
