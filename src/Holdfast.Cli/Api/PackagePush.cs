using System.Security.Cryptography;
using Google.Protobuf;
using Holdfast.Cli.Output;
using Holdfast.Node.Api;
using Holdfast.Rpc;
using Holdfast.Rpc.V1;
using static Holdfast.Rpc.V1.Packages;

namespace Holdfast.Cli.Api;

/// <summary>Sends a package file, chunk by chunk. Where the connection breaks it goes on at the byte that the node has, for as long as somebody waits.</summary>
internal static class PackagePush
{
    private const int ChunkBytes = 64 * 1024;

    /// <summary>Without a byte that arrives.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <param name="cli">Where progress is shown.</param>
    public static async Task<PushResponse> SendAsync(CliContext cli, string path, CancellationToken cancel)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true);
        var digest = $"sha256:{Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancel))}";
        long reached = -1;
        long? lost = null;
        while (true)
        {
            using var api = ApiSession.Open(cli);
            try
            {
                var from = Math.Min(await ReceivedAsync(api.Packages, digest, cancel), file.Length);
                if (from > reached) (reached, lost) = (from, null);
                cli.Terminal.Say($"{"sending",-12}  {Path.GetFileName(path)} ({Human.Size(file.Length)}{(from > 0 ? $", from byte {from} on" : "")})");
                return await SendAsync(api.Packages, file, path, digest, from, cancel);
            }
            catch (RpcException e) when (reached >= 0 && IsCut(e) && !cancel.IsCancellationRequested && StillPatient(cli, ref lost))
            {
                await Task.Delay(Pause, cli.Time, cancel);
            }
        }
    }

    private static bool StillPatient(CliContext cli, ref long? lost)
    {
        if (lost is { } since) return cli.Time.GetElapsedTime(since) < Patience;
        lost = cli.Time.GetTimestamp();
        cli.Terminal.Say("The connection broke; going on when the node answers.");
        return true;
    }

    /// <summary>A node that says what is wrong is not away.</summary>
    private static bool IsCut(RpcException e) => e.Status.Code == StatusCode.Unavailable && e.Trailers.GetBytes(ProblemTranslation.Trailer) is null;

    private static async Task<PushResponse> SendAsync(PackagesClient packages, FileStream file, string path, string digest, long from, CancellationToken cancel)
    {
        using var call = packages.Push(new(cancel));
        await call.WriteAsync(new PushRequest { Name = Path.GetFileName(path), Digest = digest, Offset = from });
        file.Position = from;
        var buffer = new byte[ChunkBytes];
        int read;
        while ((read = await file.ReadAsync(buffer, cancel)) > 0)
            await call.WriteAsync(new PushRequest { Chunk = ByteString.CopyFrom(buffer, 0, read) });

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
