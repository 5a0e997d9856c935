using System.IO.Pipes;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Holdfast.Core.Auditing;
using Holdfast.Node.Operations;
using Holdfast.Platform;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Holdfast.Node.Api;

/// <summary>A connection of the services' door, which is known by it: who made it, as the kernel said at that moment.</summary>
/// <param name="process">Null: it was gone already, or cannot be seen.</param>
/// <param name="account">Whose process it is; where that cannot be known, which process.</param>
/// <param name="origin">For the record.</param>
internal sealed class ServiceConnection(PeerProcess? process, string account, CallOrigin origin) : IDisposable
{
    public PeerProcess? Process => process;

    public string Account => account;

    public CallOrigin Origin => origin;

    /// <summary>Until it is known which service it is.</summary>
    public Actor Actor => new(account, origin);

    public static ServiceConnection Of(IFeatureCollection connection)
    {
        try
        {
            if (connection.Get<IConnectionSocketFeature>()?.Socket is { } socket)
                return Of(PeerProcess.Of(socket), PeerIdentity.Of(socket).UserName, CallDetails.LocalSocket);
            if (OperatingSystem.IsWindows() && connection.Get<IConnectionNamedPipeFeature>()?.NamedPipe is { } pipe)
                return Of(PeerProcess.Of(pipe), AccountOf(pipe), CallDetails.LocalPipe);
        }
        catch (SocketException)
        {
            // It has gone: then it is nobody.
        }

        return Of(null, null, OperatingSystem.IsWindows() ? CallDetails.LocalPipe : CallDetails.LocalSocket);
    }

    public void Dispose() => process?.Dispose();

    private static ServiceConnection Of(PeerProcess? process, string? account, string from) =>
        new(process, account ?? (process is null ? "an unknown account" : $"process {process.Pid}"), new(from, process?.Pid));

    /// <summary>Null: it does not let itself be identified, or not before it has said something. The service that it is, its process says.</summary>
    [SupportedOSPlatform("windows")]
    private static string? AccountOf(NamedPipeServerStream pipe)
    {
        try
        {
            return LocalPipe.ClientOf(pipe).UserName;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
