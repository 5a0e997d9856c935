using System.Globalization;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;

namespace Holdfast.Platform.Linux;

/// <summary>A socket in the process's own folder of temporary files, whose name has the process's number and its start in clock ticks.</summary>
[SupportedOSPlatform("linux")]
internal static class UnixDiagnosticsPort
{
    public static async Task<Stream> ConnectAsync(int pid, CancellationToken cancel)
    {
        if (ProcStat.Read(pid) is not { Ended: false } facts) throw new IOException($"There is no process {pid}.");
        var name = string.Create(CultureInfo.InvariantCulture, $"dotnet-diagnostic-{pid}-{facts.CreationTime}-socket");
        // As the process sees it: it may have a root of its own.
        var path = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/root{Temporary(pid)}/{name}");
        if (!File.Exists(path)) throw new IOException($"Process {pid} has no diagnostics port: it is no .NET process, has not begun yet, or DOTNET_EnableDiagnostics is 0.");
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
            // Anybody may have made a socket of that name in a folder that anybody may write.
            if (PeerIdentity.Of(socket).Pid is var answering && answering != pid) throw new IOException($"Process {answering} answers in the place of {pid}.");
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static string Temporary(int pid)
    {
        const string name = "TMPDIR=";
        var variables = Encoding.UTF8.GetString(File.ReadAllBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/environ"))).Split('\0');
        return Array.Find(variables, one => one.StartsWith(name + '/', StringComparison.Ordinal)) is { } given ? given[name.Length..].TrimEnd('/') : "/tmp";
    }
}
