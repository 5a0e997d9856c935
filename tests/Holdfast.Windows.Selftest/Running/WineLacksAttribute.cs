namespace Holdfast.Windows.Selftest.Running;

/// <summary>What the test needs and Wine does not have: it runs on Windows alone, and docs/windows.md lists it as not yet shown.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class WineLacksAttribute(string what) : Attribute
{
    public string What { get; } = what;
}
