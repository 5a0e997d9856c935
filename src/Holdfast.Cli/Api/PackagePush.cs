using System.Security.Cryptography;
using Google.Protobuf;
using Holdfast.Cli.Output;
using Holdfast.Rpc;
using Holdfast.Rpc.V1;
using static Holdfast.Rpc.V1.Packages;

namespace Holdfast.Cli.Api;

/// <summary>Sends a package file, chunk by chunk. Where the connection breaks it goes on at the byte that the node has, for as long as somebody waits.</summary>
internal static class PackagePush
{
    private const int ChunkBytes = 64 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <param name="cli">Where progress is shown.</param>
    public static async Task<PushResponse> SendAsync(CliContext cli, string path, CancellationToken cancel)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true);
        var digest = $"sha256:{Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancel))}";
        long sent = 0;
        long? lost = null;
        while (true)
        {
            using var api = ApiSession.Open(cli);
            try
            {
                var from = Math.Min(await ReceivedAsync(api.Packages, digest, cancel), file.Length);
                cli.Terminal.Say($"{"sending",-12}  {Path.GetFileName(path)} ({Human.Size(file.Length)}{(from > 0 ? $", from byte {from} on" : "")})");
                return await SendAsync(api.Packages, file, path, digest, from, count => (sent, lost) = (count, null), cancel);
            }
            catch (RpcException e) when (e.Status.Code == StatusCode.Unavailable && sent > 0 && !cancel.IsCancellationRequested)
            {
                if (lost is null) cli.Terminal.Say("The connection broke; going on when the node answers.");
                lost ??= cli.Time.GetTimestamp();
                if (cli.Time.GetElapsedTime(lost.Value) > Patience) throw;
                await Task.Delay(Pause, cli.Time, cancel);
            }
        }
    }

    private static async Task<PushResponse> SendAsync(PackagesClient packages, FileStream file, string path, string digest, long from, Action<long> onSent, CancellationToken cancel)
    {
        using var call = packages.Push(new(cancel));
        await call.WriteAsync(new PushRequest { Name = Path.GetFileName(path), Digest = digest, Offset = from });
        file.Position = from;
        var buffer = new byte[ChunkBytes];
        int read;
        while ((read = await file.ReadAsync(buffer, cancel)) > 0)
        {
            await call.WriteAsync(new PushRequest { Chunk = ByteString.CopyFrom(buffer, 0, read) });
            onSent(file.Position);
        }

        return await call.CompleteAsync();
    }

    /// <summary>An agent of an earlier version keeps nothing.</summary>
    private static async Task<long> ReceivedAsync(PackagesClient packages, string digest, CancellationToken cancel)
    {
        try
        {
            return (await packages.GetPushAsync(new GetPushRequest { Digest = digest }, ApiSession.Short(cancel))).Received;
        }
        catch (RpcException e) when (e.Status.Code == StatusCode.Unimplemented)
        {
            return 0;
        }
    }
}
