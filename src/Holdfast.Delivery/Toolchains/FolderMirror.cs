using Holdfast.Core.Problems;
using Holdfast.Core.Toolchains;
using Holdfast.Packaging.Content;

namespace Holdfast.Delivery.Toolchains;

/// <summary>A folder with a list and archives beside it: a share, a disk that was carried in.</summary>
internal sealed class FolderMirror(string folder) : Mirror
{
    public override string Name => folder;

    public override Task<Outcome<GoDownloadList>> ListAsync(CancellationToken cancel)
    {
        var path = Path.Combine(folder, ListFile);
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > GoDownloadList.MostBytes) return Task.FromResult<Outcome<GoDownloadList>>(new Problem(ProblemKind.BadInput, "toolchain.list", $"{path} is too large for a list"));
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return Task.FromResult(GoDownloadList.Read(bytes, path));
        }
        catch (Exception failure) when (FileTrouble.Is(failure))
        {
            return Task.FromResult<Outcome<GoDownloadList>>(FileTrouble.From(failure, $"read {path}"));
        }
    }

    public override Task<Outcome<MirrorContent>> OpenAsync(string name, long from, CancellationToken cancel)
    {
        var path = Path.Combine(folder, name);
        try
        {
            var file = File.OpenRead(path);
            file.Position = Math.Min(from, file.Length);
            return Task.FromResult<Outcome<MirrorContent>>(new MirrorContent(file, from));
        }
        catch (Exception failure) when (FileTrouble.Is(failure))
        {
            return Task.FromResult<Outcome<MirrorContent>>(FileTrouble.From(failure, $"read {path}"));
        }
    }
}
