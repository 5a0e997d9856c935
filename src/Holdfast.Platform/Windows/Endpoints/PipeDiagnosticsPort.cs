using System.Globalization;
using System.IO.Pipes;
using System.Runtime.Versioning;
using Holdfast.Platform.Windows.Native;

namespace Holdfast.Platform.Windows.Endpoints;

/// <summary>A named pipe with the number of the process in its name.</summary>
[SupportedOSPlatform("windows")]
internal static class PipeDiagnosticsPort
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(2);

    public static async Task<Stream> ConnectAsync(int pid, CancellationToken cancel)
    {
        var pipe = new NamedPipeClientStream(".", string.Create(CultureInfo.InvariantCulture, $"dotnet-diagnostic-{pid}"), PipeDirection.InOut, PipeOptions.Asynchronous);
        try
        {
            await pipe.ConnectAsync(patience, cancel);
            // Anybody may have made a pipe of that name before the process did.
            var answering = Kernel32.GetNamedPipeServerProcessId(pipe.SafePipeHandle, out var found) ? found : 0;
            if (answering != pid) throw new IOException($"Process {answering} answers in the place of {pid}.");
            return pipe;
        }
        catch (TimeoutException)
        {
            await pipe.DisposeAsync();
            throw new IOException($"Process {pid} has no diagnostics port: it is no .NET process, has not begun yet, or DOTNET_EnableDiagnostics is 0.");
        }
        catch
        {
            await pipe.DisposeAsync();
            throw;
        }
    }
}
