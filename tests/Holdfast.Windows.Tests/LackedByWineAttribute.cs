using System.Reflection;
using Holdfast.Windows.Selftest.Running;
using Xunit.Sdk;

namespace Holdfast.Windows.Tests;

/// <summary>The tests that only Windows itself can run.</summary>
[DataDiscoverer("Xunit.Sdk.DataDiscoverer", "xunit.core")]
[AttributeUsage(AttributeTargets.Method)]
public sealed class LackedByWineAttribute : DataAttribute
{
    public LackedByWineAttribute() => Skip = "Wine lacks what it needs: docs/windows.md, \"Not yet shown on real Windows\"";

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        TestList.All().Where(test => test.WineLacks is not null).Select(test => new object[] { test.Name, test.WineLacks! });
}
