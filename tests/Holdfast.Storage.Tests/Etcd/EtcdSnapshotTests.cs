using System.Security.Cryptography;
using Holdfast.Storage.Etcd;
using Holdfast.Testing.Storage;

namespace Holdfast.Storage.Tests.Etcd;

/// <summary>Snapshots of a whole etcd, and whether they are whole.</summary>
public sealed class EtcdSnapshotTests : IDisposable
{
    private readonly CancellationTokenSource deadline = new(TimeSpan.FromSeconds(90), TimeProvider.System);

    public void Dispose() => deadline.Dispose();

    [EtcdFact]
    public async Task A_snapshot_is_as_etcds_own_tool_takes_it_and_holds_what_was_answered()
    {
        using var etcd = await EtcdCluster.StartAsync(1);
        var options = etcd.NewOptions();
        await using var store = (await EtcdStore.CreateAsync(options, TimeProvider.System, deadline.Token)).Ok();
        var revision = await store.PutAsync("/a", "what-was-put", deadline.Token);
        using var file = new MemoryStream();
        var taken = await EtcdStore.SnapshotAsync(options, (part, cancel) => file.WriteAsync(part, cancel).AsTask(), TimeProvider.System, deadline.Token);
        Assert.True(taken.IsOk, string.Join("; ", taken.Problems));
        Assert.Equal(file.Length, taken.Value.Bytes);
        Assert.True(taken.Value.Revision >= revision);
        // A file of bbolt's, in whole sectors, and 32 bytes.
        Assert.Equal(32, file.Length % 512);
        Assert.True(file.ToArray().AsSpan().IndexOf("what-was-put"u8) > 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(5000)]
    public void The_digest_at_the_end_is_found_however_the_bytes_come(int piece)
    {
        var content = new byte[5000];
        Random.Shared.NextBytes(content);
        byte[] whole = [.. content, .. SHA256.HashData(content)];
        Assert.True(IsWhole(whole, piece));
        Assert.False(IsWhole(whole[..^1], piece));
        whole[4999] ^= 1;
        Assert.False(IsWhole(whole, piece));
        Assert.False(IsWhole(whole[..32], piece));
        Assert.False(IsWhole([], piece));
    }

    private static bool IsWhole(byte[] snapshot, int piece)
    {
        using var digest = new EtcdSnapshotDigest();
        foreach (var part in snapshot.Chunk(piece)) digest.Append(part);
        Assert.Equal(snapshot.Length, digest.Bytes);
        return digest.IsWhole();
    }
}
