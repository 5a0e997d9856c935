using System.Reflection;
using Holdfast.Windows.Selftest.Running;
using Xunit.Sdk;

namespace Holdfast.Windows.Tests;

/// <summary>The tests that only Windows itself can run, and those for which something could not be compiled here.</summary>
[DataDiscoverer("Xunit.Sdk.DataDiscoverer", "xunit.core")]
[AttributeUsage(AttributeTargets.Method)]
public sealed class LackedByWineAttribute : DataAttribute
{
    public LackedByWineAttribute() => Skip = "Wine lacks what it needs (docs/windows.md, \"Not yet shown on real Windows\"), or it was not compiled";

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        TestList.All().Select(test => (test.Name, Lacked: test.WineLacks ?? test.Missing(Wine.Folder))).Where(test => test.Lacked is not null).Select(test => new object[] { test.Name, test.Lacked! });
}
