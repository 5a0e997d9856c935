using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Cli.Documents;
using Holdfast.Cli.Output;
using Holdfast.Core.Problems;

namespace Holdfast.Cli.Commands;

internal sealed class TopCommand : CliCommand
{
    private const int RowsWithoutTerminal = 1000, RowsAround = 6;

    /// <summary>The alternate screen without a cursor, and back: what was on the terminal before is there again afterwards.</summary>
    private const string Enter = "\x1b[?1049h\x1b[?25l", Leave = "\x1b[?25h\x1b[?1049l", Home = "\x1b[H", ToEndOfLine = "\x1b[K\n", ToEndOfScreen = "\x1b[J";

    private static readonly TimeSpan LookForKeysEvery = TimeSpan.FromMilliseconds(50);

    private readonly Argument<string?> service = new("service") { Description = "Only this service", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<TimeSpan?> every = DurationOption.Create("--every", "How often it looks (default: 1s)");
    private readonly Option<string> sort = new("--sort") { Description = "cpu, memory, restarts or name", DefaultValueFactory = _ => "cpu" };
    private readonly Option<bool> once = new("--once") { Description = "Look twice, for the CPU, show it, and end; so it is where no terminal is" };

    public TopCommand(CliContext cli)
        : base(cli, "top", "Show what instances use, live (keys: c, m, r, n sort; q ends)")
    {
        sort.AcceptOnlyFromAmong("cpu", "memory", "restarts", "name");
        Arguments.Add(service);
        foreach (var option in new Option[] { every, sort, once }) Options.Add(option);
    }

    protected override bool IsAgentsWork => true;

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        using var api = ApiSession.Open(Cli);
        var wanted = parse.GetValue(service) ?? "";
        var pause = parse.GetValue(every) ?? TimeSpan.FromSeconds(1);
        var order = Enum.Parse<TopOrder>(parse.GetValue(sort)!, ignoreCase: true);
        var view = new TopView();
        await LookAsync(api, view, wanted, cancel);
        if (parse.GetValue(once) || !Terminal.IsTerminal)
        {
            await Task.Delay(pause, Cli.Time, cancel);
            await LookAsync(api, view, wanted, cancel);
            Terminal.Out.Write(view.Text(order, RowsWithoutTerminal));
            return ExitCode.Ok;
        }

        Terminal.Out.Write(Enter);
        try
        {
            while (true)
            {
                Show(view.Text(order, Math.Max(1, Console.WindowHeight - RowsAround)));
                if (await KeyAsync(pause, cancel) is not { } key) await LookAsync(api, view, wanted, cancel);
                else if (key == 'q') return ExitCode.Ok;
                else order = Order(key) ?? order;
            }
        }
        finally
        {
            Terminal.Out.Write(Leave);
            Terminal.Flush();
        }
    }

    private async Task LookAsync(ApiSession api, TopView view, string wanted, CancellationToken cancel)
    {
        var instances = await api.Services.ListInstancesAsync(new() { Service = wanted }, ApiSession.Short(cancel));
        var ledger = await api.Output.LedgerAsync(new() { Service = wanted }, ApiSession.Short(cancel));
        view.Look(instances, ledger, Cli.Time.GetUtcNow());
    }

    /// <summary>Drawn over what is there, and the rest of each line cleared: without a flicker.</summary>
    private void Show(string text)
    {
        var width = Math.Max(20, Console.WindowWidth);
        Terminal.Out.Write(Home);
        foreach (var line in text.TrimEnd('\n').Split('\n')) Terminal.Out.Write((line.Length > width ? line[..width] : line) + ToEndOfLine);
        Terminal.Out.Write(ToEndOfScreen);
        Terminal.Flush();
    }

    /// <returns>Null: none was pressed in that time.</returns>
    private async Task<char?> KeyAsync(TimeSpan within, CancellationToken cancel)
    {
        var began = Cli.Time.GetTimestamp();
        while (Cli.Time.GetElapsedTime(began) is var passed && passed < within)
        {
            // Where input is no terminal, as in a pipe, no key comes.
            if (!Console.IsInputRedirected && Console.KeyAvailable) return char.ToLowerInvariant(Console.ReadKey(intercept: true).KeyChar);
            await Task.Delay(within - passed < LookForKeysEvery ? within - passed : LookForKeysEvery, Cli.Time, cancel);
        }

        return null;
    }

    private static TopOrder? Order(char key) => key switch
    {
        'c' => TopOrder.Cpu,
        'm' => TopOrder.Memory,
        'r' => TopOrder.Restarts,
        'n' => TopOrder.Name,
        _ => null,
    };
}
