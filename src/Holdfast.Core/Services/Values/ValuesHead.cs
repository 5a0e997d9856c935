using Holdfast.Core.Services.Fields;
using Holdfast.Core.Services.Rules;
using Holdfast.Core.Services.Shapes;

namespace Holdfast.Core.Services.Values;

/// <summary>What a values document begins with; read, it is the name of the service it is for, or empty.</summary>
internal static class ValuesHead
{
    public static GroupShape<string> Shape { get; } = new("Values", "",
        new Field<string, string>("apiVersion", new ChoiceShape<string>((SpecWords.ApiVersion, SpecWords.ApiVersion, "The present form.")), _ => null, (s, _) => s,
            "The version of this format.") { Required = true, Example = SpecWords.ApiVersion },
        new Field<string, string>("kind", new ChoiceShape<string>((SpecWords.Values, SpecWords.Values, "Values for a service.")), _ => null, (s, _) => s,
            "What the document is.") { Required = true, Example = SpecWords.Values },
        new Field<string, string>("name", new TextShape("name") { Pattern = Names.ServicePattern, Check = Names.Service.Check }, _ => null, (_, v) => v,
            "The service that these values are for; they are refused for another one.") { Example = "orders" });
}
