using Holdfast.Core.Documents;
using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Rules;

namespace Holdfast.Core.Services.Shapes;

/// <summary>A single value.</summary>
internal abstract class ScalarShape<T> : Shape<T>
{
    /// <summary>Null and a value, or what is wrong.</summary>
    protected abstract Fault? Parse(ScalarNode node, out T value);

    public sealed override bool TryRead(DocumentNode node, string path, SpecReading reading, out T value)
    {
        value = default!;
        var fault = node switch
        {
            { IsNothing: true } => new(SpecRules.MissingValue, "has no value", null, $"give it one ({Words}), or remove the key"),
            ScalarNode scalar => Parse(scalar, out value),
            _ => new Fault(SpecRules.Kind, $"is {node.Words}", $"expected: {Words}", null),
        };
        if (fault is null)
            return true;
        reading.Report(path, node.Place, fault);
        return false;
    }

    /// <summary>A value as it is shown in a problem: short, on one line.</summary>
    protected static string Show(ScalarNode node) => Show(node.Text);

    protected static string Show(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return "`" + (line.Length <= 60 ? line : line[..60] + "…") + "`";
    }
}
