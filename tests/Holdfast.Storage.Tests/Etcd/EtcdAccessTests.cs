using System.Diagnostics;
using Holdfast.Core.Problems;
using Holdfast.Storage.Etcd;
using Holdfast.Testing.Certificates;
using Holdfast.Testing.Storage;

namespace Holdfast.Storage.Tests.Etcd;

/// <summary>Who may: mutual TLS, and users of etcd's own.</summary>
public sealed class EtcdAccessTests : IDisposable
{
    private readonly CancellationTokenSource deadline = new(TimeSpan.FromSeconds(90), TimeProvider.System);
    private readonly TestCa ca = new();

    public void Dispose()
    {
        ca.Dispose();
        deadline.Dispose();
    }

    [EtcdFact]
    public async Task Mutual_tls_opens_and_who_shows_nothing_or_believes_another_is_told()
    {
        using var etcd = await EtcdCluster.StartAsync(1, ca);
        var options = etcd.NewOptions();
        await using var store = (await EtcdStore.CreateAsync(options, TimeProvider.System, deadline.Token)).Ok();
        await store.PutAsync("/a", "1", deadline.Token);

        using var stranger = new TestCa("CN=Another root");
        var impatient = options with { CallTimeout = TimeSpan.FromMilliseconds(500) };
        var unknown = Assert.Single((await OpenAsync(impatient with { Identity = () => stranger.Identity("root", TestCa.ForClients, trusts: [ca]) })).Problems);
        Assert.Equal(ProblemKind.Unavailable, unknown.Kind);
        var distrusts = Assert.Single((await OpenAsync(impatient with { Identity = () => ca.Identity("root", TestCa.ForClients, trusts: [stranger]) })).Problems);
        Assert.Contains("none of the roots here has signed it", distrusts.What);
    }

    [EtcdctlFact]
    public async Task A_user_of_etcd_logs_in_and_again_when_its_token_is_no_longer_known()
    {
        using var etcd = await EtcdCluster.StartAsync(1);
        var options = etcd.NewOptions();
        await ((await EtcdStore.CreateAsync(options, TimeProvider.System, deadline.Token)).Ok()).DisposeAsync();
        var endpoint = etcd.Members[0].Endpoint;
        foreach (var command in (string[])["user add root:deep", "user grant-role root root", "role add holdfast",
            $"role grant-permission holdfast --prefix=true readwrite {options.Cluster}:", $"role grant-permission holdfast --prefix=true readwrite {options.Cluster}.store:",
            "user add keeper:secret", "user grant-role keeper holdfast", "auth enable"])
            Etcdctl(endpoint, command);

        var keeper = options with { Login = new("keeper", "secret") };
        await using var store = (await OpenAsync(keeper)).Ok();
        await store.PutAsync("/a", "1", deadline.Token);
        var seen = Task.Run(async () =>
        {
            await foreach (var batch in store.WatchAsync(KeyRange.Single("/b"), 1, deadline.Token)) return batch;
            return null;
        });
        // Tokens live in the member's memory alone.
        etcd.Members[0].Kill();
        etcd.Members[0].Start();
        await store.PutAsync("/b", "1", deadline.Token);
        Assert.IsType<WatchBatch.Changes>(await seen);

        var wrong = Assert.Single((await OpenAsync(keeper with { Login = new("keeper", "guessed") })).Problems);
        Assert.Equal(("store.refused", ProblemKind.Refused), (wrong.Rule, wrong.Kind));
        Assert.DoesNotContain("guessed", wrong.ToString());
        Assert.Equal("store.refused", Assert.Single((await OpenAsync(options)).Problems).Rule);
        Assert.Equal("store.refused", Assert.Single((await EtcdStore.CreateAsync(keeper with { Cluster = "not-mine" }, TimeProvider.System, deadline.Token)).Problems).Rule);
    }

    private static void Etcdctl(Uri endpoint, string command)
    {
        var start = new ProcessStartInfo("etcdctl", ["--endpoints", endpoint.OriginalString, .. command.Split(' ')]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ETCDCTL_API"] = "3";
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"etcdctl {command}: {said}");
    }

    private Task<Outcome<EtcdStore>> OpenAsync(EtcdOptions options) => EtcdStore.OpenAsync(options, null, TimeProvider.System, deadline.Token);
}
