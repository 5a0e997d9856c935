using System.CommandLine;

namespace Holdfast.Cli.Commands;

/// <summary>A command that only has commands: <c>audit list</c>, <c>audit verify</c>.</summary>
internal sealed class CommandGroup : Command
{
    public CommandGroup(string name, string description, params IEnumerable<Command> commands)
        : base(name, description)
    {
        foreach (var command in commands) Subcommands.Add(command);
    }
}
