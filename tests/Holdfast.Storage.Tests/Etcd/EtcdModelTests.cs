using FsCheck;
using FsCheck.Fluent;
using Holdfast.Storage.Etcd;
using Holdfast.Testing.Storage;

namespace Holdfast.Storage.Tests.Etcd;

public sealed class EtcdModelTests(OneEtcd etcd) : IClassFixture<OneEtcd>
{
    private const int Runs = 40;

    [EtcdFact]
    public void Whatever_is_done_to_the_store_it_answers_as_the_oracle_does() =>
        Prop.ForAll(StoreSteps.Arbitrary, Run).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs).WithEndSize(60));

    private void Run(StoreStep[] steps)
    {
        var options = etcd.Cluster.NewOptions();
        var fresh = true;
        new StoreModelRun(OpenAsync).RunAsync(steps).GetAwaiter().GetResult();

        async Task<IStore> OpenAsync()
        {
            var store = fresh
                ? await EtcdStore.CreateAsync(options, TimeProvider.System, CancellationToken.None)
                : await EtcdStore.OpenAsync(options, null, TimeProvider.System, CancellationToken.None);
            fresh = false;
            return store.Value;
        }
    }
}
