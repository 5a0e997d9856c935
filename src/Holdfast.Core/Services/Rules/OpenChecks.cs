using Holdfast.Core.Documents;
using Holdfast.Core.Services.Fields;
using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Values;

namespace Holdfast.Core.Services.Rules;

internal static class OpenChecks
{
    public static void Check(ServiceSpec spec, SpecReading reading)
    {
        if (!reading.Sound("open"))
            return;
        for (var i = 0; i < spec.Open.Count; i++)
        {
            if (Check(spec.Open[i]) is { } fault)
                reading.Report(SpecPath.Item("open", i), fault);
        }
    }

    private static Fault? Check(string open)
    {
        var path = OpenPaths.WithoutStar(open);
        var first = path.Split('.')[0];
        if (OpenPaths.Never.Contains(first))
            return new(SpecRules.OpenNever, $"`{first}` cannot be opened", "it is part of what was signed", "remove it; a change of it is a new package");
        if (SpecCatalogue.Find(path, intoLists: false) is { } entry)
        {
            return open == path || entry.Shape.Fields.Count > 0 || entry.Shape.Entry is not null
                ? null
                : new(SpecRules.OpenUnknown, $"`{open}` opens nothing", $"`{path}` has no keys below it", $"write `{path}`");
        }

        if (SpecCatalogue.Find(path, intoLists: true) is not null)
            return new(SpecRules.OpenUnknown, $"`{open}` lies inside of a list", "a list is set as a whole", $"write `{SpecCatalogue.ListAbove(path)}`");

        var nearest = Nearest.To(path, SpecCatalogue.Paths);
        return new(SpecRules.OpenUnknown, $"`{open}` is not a key of the spec", nearest is null ? "`holdfast explain service` shows them all" : null, nearest is null ? null : $"did you mean `{nearest}`?");
    }
}
