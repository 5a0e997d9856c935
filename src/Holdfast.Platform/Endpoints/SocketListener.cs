using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Holdfast.Platform;

/// <summary>A listening socket.</summary>
internal sealed class SocketListener(Socket listener) : LocalListener
{
    public override SafeHandle Handle => listener.SafeHandle;

    public override async Task<LocalConnection?> AcceptAsync()
    {
        Socket socket;
        try
        {
            socket = await listener.AcceptAsync().ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
        {
            return null;
        }
        catch (SocketException failure)
        {
            throw new IOException(failure.Message, failure);
        }

        try
        {
            return LocalConnection.Over(socket);
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw new IOException(failure.Message, failure);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) listener.Dispose();
    }
}
