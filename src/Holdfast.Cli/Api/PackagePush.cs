using Google.Protobuf;
using Holdfast.Cli.Output;
using Holdfast.Rpc.V1;
using static Holdfast.Rpc.V1.Packages;

namespace Holdfast.Cli.Api;

/// <summary>Sends a package file, chunk by chunk.</summary>
internal static class PackagePush
{
    private const int ChunkBytes = 64 * 1024;

    public static async Task<PushResponse> SendAsync(PackagesClient packages, string path, Terminal terminal, CancellationToken cancel)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true);
        terminal.Say($"{"sending",-12}  {Path.GetFileName(path)} ({Human.Size(file.Length)})");
        using var call = packages.Push(new(cancel));
        await call.WriteAsync(new PushRequest { Name = Path.GetFileName(path) });
        var buffer = new byte[ChunkBytes];
        int read;
        while ((read = await file.ReadAsync(buffer, cancel)) > 0)
            await call.WriteAsync(new PushRequest { Chunk = ByteString.CopyFrom(buffer, 0, read) });
        return await call.CompleteAsync();
    }
}
