using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Holdfast.Testing;

/// <summary>
/// A test of a conformance suite. Where the class that inherits it needs something that is not here (<see cref="NeedsAttribute"/>), it is skipped by name.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Holdfast.Testing.ConformanceFactDiscoverer", "Holdfast.Testing")]
public sealed class ConformanceFactAttribute : FactAttribute;

/// <summary>Said of a test class: what its tests need of the machine.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class NeedsAttribute : Attribute
{
    /// <summary>What is not here; null: nothing is missing.</summary>
    public abstract string? Missing { get; }
}

/// <summary>Found by xunit, by its name.</summary>
public sealed class ConformanceFactDiscoverer(IMessageSink diagnostics) : FactDiscoverer(diagnostics)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        new ConformanceTestCase(DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod);
}

/// <summary>A test case that asks its class what it needs.</summary>
public sealed class ConformanceTestCase : XunitTestCase
{
    [Obsolete("Only for xunit, which fills it in.")]
    public ConformanceTestCase()
    {
    }

    public ConformanceTestCase(IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(diagnostics, display, options, method)
    {
    }

    protected override string GetSkipReason(IAttributeInfo factAttribute) =>
        base.GetSkipReason(factAttribute)
        ?? TestMethod.TestClass.Class.ToRuntimeType().GetCustomAttributes(inherit: true).OfType<NeedsAttribute>().Select(n => n.Missing).FirstOrDefault(m => m is not null)!;
}
