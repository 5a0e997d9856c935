using Holdfast.Core.Documents;
using Holdfast.Core.Services.Reading;

namespace Holdfast.Core.Services.Rules;

internal static class VariableChecks
{
    private static readonly string[] Fixed = ["service", "instance", "folders.code", "folders.data", "folders.secrets"];

    public static void Check(ServiceSpec spec, SpecReading reading)
    {
        foreach (var (path, text) in Texts(spec, reading))
        {
            if (IsLeftOpen(text))
            {
                reading.Report(path, new(SpecRules.Variable, "has a ${ that is not closed", null, "add the }, or write $${ for the characters themselves"));
                continue;
            }

            foreach (var name in Expansion.Names(text).Distinct())
                CheckName(path, name, spec, reading);
        }
    }

    private static bool IsLeftOpen(string text)
    {
        var begin = text.Replace("$${", "", StringComparison.Ordinal).LastIndexOf("${", StringComparison.Ordinal);
        return begin >= 0 && !text.Replace("$${", "", StringComparison.Ordinal)[begin..].Contains('}', StringComparison.Ordinal);
    }

    private static void CheckName(string path, string name, ServiceSpec spec, SpecReading reading)
    {
        if (Fixed.Contains(name) || (name.StartsWith("ports.", StringComparison.Ordinal) && reading.Has(name)))
            return;
        var known = Fixed.Concat(spec.Ports.Keys.Select(port => "ports." + port)).ToList();
        var nearest = Nearest.To(name, known);
        var shown = name.Length <= 60 ? name : name[..60] + "…";
        reading.Report(path, new(
            SpecRules.Variable,
            $"${{{shown}}} names nothing",
            $"known: {string.Join(", ", known)}",
            nearest is not null ? $"did you mean ${{{nearest}}}?" : "for the characters themselves write $${"));
    }

    /// <summary>Every text that the agent expands. The executable itself has its own rule.</summary>
    private static IEnumerable<(string Path, string Text)> Texts(ServiceSpec spec, SpecReading reading)
    {
        var commands = SpecCommands.Of(spec).Select(one => (Path: one.Key == "command" ? one.Key : $"{one.Key}.command", one.Command));
        foreach (var (path, command) in commands.Where(one => reading.Sound(one.Path)))
        {
            for (var i = 1; i < command.Count; i++)
                yield return (SpecPath.Item(path, i), command[i]);
        }

        foreach (var (name, value) in spec.Environment)
            yield return ($"environment.{name}", value);
    }
}
