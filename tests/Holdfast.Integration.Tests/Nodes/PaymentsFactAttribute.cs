namespace Holdfast.Integration.Tests.Nodes;

/// <summary>A test with the sample payments as its patient: <c>./build.sh test</c> compiles it; without Go it is skipped by name.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PaymentsFactAttribute : FactAttribute
{
    public PaymentsFactAttribute()
    {
        if (!File.Exists(Path.Combine(Payments.Source, "bin", "payments")))
            Skip = "samples/payments is not compiled: there is no Go";
    }
}
