using System.Globalization;
using System.Reflection;

namespace Holdfast.Windows.Selftest.Running;

/// <summary>The tests of this program, found by xunit's attributes: its own runner cannot be had everywhere, and one that is started under Wine is to be small.</summary>
public static class TestList
{
    /// <summary>Some files are shared with the tests of the Linux side.</summary>
    private static readonly string[] prefixes = ["Holdfast.Windows.Selftest.", "Holdfast.Platform.Tests."];

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

    private static List<object?[]> Data(MethodInfo method)
    {
        var lines = method.GetCustomAttributes<InlineDataAttribute>().SelectMany(data => data.GetData(method)).ToList();
        return lines.Count > 0 ? [.. lines] : [[]];
    }

    private static string NameOf(Type type, MethodInfo method, object?[] arguments)
    {
        var name = type.FullName!;
        if (prefixes.FirstOrDefault(prefix => name.StartsWith(prefix, StringComparison.Ordinal)) is { } common) name = name[common.Length..];
        var given = arguments.Length == 0 ? "" : "(" + string.Join(", ", arguments.Select(one => Convert.ToString(one, CultureInfo.InvariantCulture))) + ")";
        return $"{name}.{method.Name}{given}";
    }
}
