using System.IO.Pipes;
using System.Runtime.Versioning;

namespace Holdfast.Platform;

/// <summary>The pipe that stands for a path on Windows, for who makes its instances itself (Kestrel).</summary>
[SupportedOSPlatform("windows")]
public static class LocalPipe
{
    /// <summary>Without the prefix <c>\\.\pipe\</c>.</summary>
    public static string NameOf(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var name = Windows.Endpoints.PipeEndpoint.NameOf(path);
        return name[(name.LastIndexOf('\\') + 1)..];
    }

    /// <summary>Who may connect: the system, administrators, our own account, and the members of a group; nobody over the network.</summary>
    /// <param name="group">By name; null, or one that is not there: nobody else.</param>
    public static PipeSecurity Security(string? group)
    {
        var security = new PipeSecurity();
        security.SetSecurityDescriptorSddlForm(Windows.Endpoints.PipeListener.Access(group));
        return security;
    }

    /// <summary>The same, and every account of this machine that has shown who it is may connect.</summary>
    public static PipeSecurity SecurityForEverybody()
    {
        var security = new PipeSecurity();
        security.SetSecurityDescriptorSddlForm(Windows.Endpoints.PipeListener.AccessOf(Windows.Accounts.Sids.AuthenticatedUsers));
        return security;
    }

    /// <exception cref="IOException">The client does not let itself be identified, or is gone.</exception>
    public static PeerIdentity ClientOf(NamedPipeServerStream pipe)
    {
        ArgumentNullException.ThrowIfNull(pipe);
        return Windows.Endpoints.PipePeer.Client(pipe.SafePipeHandle);
    }
}
