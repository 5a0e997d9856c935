namespace Holdfast.Testing.Storage;

/// <summary>The tests of this class talk to a real etcd.</summary>
public sealed class NeedsEtcdAttribute : NeedsAttribute
{
    public override string? Missing => EtcdProcess.WhyNot();
}
