using System.Globalization;
using System.Reflection;

namespace Holdfast.Windows.Selftest.Running;

/// <summary>The tests of this program, found by xunit's attributes: its own runner cannot be had everywhere, and one that is started under Wine is to be small.</summary>
public static class TestList
{
    private const string Prefix = "Holdfast.Windows.Selftest.";

    public static IReadOnlyList<SelfTest> All() =>
    [
        .. from type in typeof(TestList).Assembly.GetTypes()
           where type is { IsAbstract: false, IsClass: true }
           from method in type.GetMethods()
           where method.GetCustomAttribute<FactAttribute>() is not null
           from arguments in Data(method)
           let test = new SelfTest(NameOf(type, method, arguments), type, method, arguments)
           orderby test.Name
           select test,
    ];

    public static IReadOnlyList<SelfTest> Matching(IReadOnlyList<string> names) =>
        [.. All().Where(test => names.Any(name => test.Name.Contains(name, StringComparison.OrdinalIgnoreCase)))];

    private static IEnumerable<object?[]> Data(MethodInfo method)
    {
        var lines = method.GetCustomAttributes<InlineDataAttribute>().SelectMany(data => data.GetData(method)).ToList();
        return lines.Count > 0 ? lines : [[]];
    }

    private static string NameOf(Type type, MethodInfo method, object?[] arguments)
    {
        var name = type.FullName!;
        if (name.StartsWith(Prefix, StringComparison.Ordinal)) name = name[Prefix.Length..];
        var given = arguments.Length == 0 ? "" : "(" + string.Join(", ", arguments.Select(one => Convert.ToString(one, CultureInfo.InvariantCulture))) + ")";
        return $"{name}.{method.Name}{given}";
    }
}
