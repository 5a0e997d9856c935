using Holdfast.Storage.Etcd;
using Holdfast.Testing.Storage;

namespace Holdfast.Storage.Tests.Etcd;

/// <summary>The suite against a real etcd of one member; each test is a cluster of Holdfast of its own in it.</summary>
[NeedsEtcd]
public sealed class EtcdConformance(OneEtcd etcd) : StoreConformance, IClassFixture<OneEtcd>
{
    protected override async Task<IStore> NewStoreAsync() =>
        await Ok(EtcdStore.CreateAsync(etcd.Cluster.NewOptions(), TimeProvider.System, Deadline));

    /// <summary>Etcd's time cannot be set: it is waited for.</summary>
    protected override Task PassAsync(TimeSpan time) => Task.Delay(time, TimeProvider.System, Deadline);
}
