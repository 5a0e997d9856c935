using System.Reflection;
using Holdfast.Windows.Selftest.Running;
using Xunit.Sdk;

namespace Holdfast.Windows.Tests;

/// <summary>The names of the tests; where Wine cannot be had all are skipped by name.</summary>
[DataDiscoverer("Xunit.Sdk.DataDiscoverer", "xunit.core")]
[AttributeUsage(AttributeTargets.Method)]
public sealed class SelftestNamesAttribute : DataAttribute
{
    public SelftestNamesAttribute() => Skip = Wine.Missing;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        TestList.All().Where(test => test.WineLacks is null && test.Missing(Wine.Folder) is null).Select(test => new object[] { test.Name });
}
