using Xunit;

namespace Holdfast.Testing.Storage;

/// <summary>A test with a real etcd; skipped by name where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EtcdFactAttribute : FactAttribute
{
    public EtcdFactAttribute() => Skip = EtcdProcess.WhyNot();
}

/// <summary>A test with a real etcd and its own tool.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EtcdctlFactAttribute : FactAttribute
{
    public EtcdctlFactAttribute() => Skip = EtcdProcess.WhyNot() ?? EtcdProcess.WhyNot("etcdctl", "etcd-client");
}
