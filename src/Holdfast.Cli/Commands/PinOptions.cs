using System.CommandLine;
using Holdfast.Core.NativeServices;
using Holdfast.Node.Pinning;

namespace Holdfast.Cli.Commands;

/// <summary>What of a pinned service is not its spec: what is pinned of it, and what the service manager is told.</summary>
internal sealed class PinOptions
{
    private readonly Option<NativeStartType> start = new("--start") { Description = "When it starts: automatic (at boot), delayed (Windows: after the others), manual, disabled", HelpName = "TYPE" };
    private readonly Option<string[]> dependencies = new("--depends") { Description = "What the service manager starts before it, by its name there; may be given again", HelpName = "UNIT" };
    private readonly Option<string[]> writable = new("--writable") { Description = "A folder beside the executable that the service writes, and that is not pinned; may be given again", HelpName = "FOLDER" };
    private readonly Option<bool> executableOnly = new("--executable-only") { Description = "Pin the executable, and nothing that lies beside it" };

    public IEnumerable<Option> All => [start, dependencies, writable, executableOnly];

    public bool AreGiven(ParseResult parse) => All.Any(option => IsGiven(parse, option));

    /// <summary>Whether other files are to be pinned: then the service changes over. The rest is the service manager's.</summary>
    public bool PinsOtherwise(ParseResult parse) => IsGiven(parse, writable) || IsGiven(parse, executableOnly);

    /// <summary>The pin, with what was given put in.</summary>
    public Pin Of(ParseResult parse, Pin pin) => pin with
    {
        Start = IsGiven(parse, start) ? parse.GetValue(start) : pin.Start,
        Dependencies = IsGiven(parse, dependencies) ? parse.GetValue(dependencies) ?? [] : pin.Dependencies,
        Writable = IsGiven(parse, writable) ? parse.GetValue(writable) ?? [] : pin.Writable,
        ExecutableOnly = IsGiven(parse, executableOnly) ? parse.GetValue(executableOnly) : pin.ExecutableOnly,
    };

    /// <summary>Not by its default.</summary>
    private static bool IsGiven(ParseResult parse, Option option) => parse.GetResult(option) is { Implicit: false };
}
