namespace Holdfast.Integration.Tests.Nodes;

/// <summary>
/// A service whose processes do what daemons and bad programs do: a session of their own, forked twice, without any environment, and
/// deaf to every signal that can be ignored. Each writes its PID into the data folder.
/// </summary>
public sealed class Slippery
{
    private const int Processes = 5;

    public static Func<string, bool> All { get; } = _ => true;

    private const string Script = """
        rm -f pid-*
        note='echo $$ > "$0.tmp" && mv "$0.tmp" "$0"; trap "" TERM HUP INT; while :; do sleep 0.2; done'
        sh -c "$note" "$PWD/pid-child" &
        setsid sh -c "$note" "$PWD/pid-session" &
        (setsid sh -c '(sh -c "$1" "$2" &)' - "$note" "$PWD/pid-twice" &)
        (setsid env -i PATH="$PATH" sh -c '(setsid sh -c "$1" "$2" &)' - "$note" "$PWD/pid-empty" &)
        trap 'exit 0' TERM
        echo $$ > pid-main.tmp && mv pid-main.tmp pid-main
        while :; do sleep 0.05; done
        """;

    private readonly TestNode node;

    private Slippery(TestNode node) => this.node = node;

    public static async Task<Slippery> DeployAsync(TestNode node)
    {
        var folder = new ServiceFolder(node, "slippery").Write(Script);
        node.Run("chmod", "-R", "a+rX", node.Work);
        (await folder.DeployAsync()).Ok();
        return new(node);
    }

    /// <summary>All processes of the service, by what they are; of another start than <paramref name="earlier"/>.</summary>
    public Task<Dictionary<string, int>> SeeAllAsync(Dictionary<string, int>? earlier = null) => Eventually.SeeAsync(
        "all processes of the service",
        () =>
        {
            var found = new Dictionary<string, int>();
            foreach (var file in Directory.EnumerateFiles(Path.Combine(node.Home, "instances", "slippery-0"), "pid-*").Where(file => !file.EndsWith(".tmp", StringComparison.Ordinal)))
            {
                if (int.TryParse(Text(file), out var pid) && TestNode.Lives(pid)) found[Path.GetFileName(file)] = pid;
            }

            return Task.FromResult(found);
        },
        found => found.Count == Processes && (earlier is null || found["pid-main"] != earlier["pid-main"]));

    public static Task SeeGoneAsync(Dictionary<string, int> processes) =>
        Eventually.SeeAsync("nobody left: " + string.Join(", ", processes), () => processes.Values.All(pid => !TestNode.Lives(pid)));

    /// <summary>It removes its files at every start: one that was just listed may be gone.</summary>
    private static string Text(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (FileNotFoundException)
        {
            return "";
        }
    }
}
