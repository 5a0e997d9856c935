using System.Diagnostics;

namespace Holdfast.Rpc.Tests.Interop;

/// <summary>The independent implementation of Debian's python3-grpcio.</summary>
internal static class Peer
{
    private static readonly Lazy<string?> Found = new(() => new[] { "/usr/bin/python3", "python3" }.FirstOrDefault(HasGrpc));

    public static string? Python => Found.Value;

    public static Process Start(string script, params IEnumerable<string> arguments)
    {
        var info = new ProcessStartInfo(Python!) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        info.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Interop", script));
        foreach (var argument in arguments) info.ArgumentList.Add(argument);
        return Process.Start(info)!;
    }

    private static bool HasGrpc(string python)
    {
        try
        {
            using var probe = Process.Start(new ProcessStartInfo(python, ["-c", "import grpc, google.protobuf"]) { RedirectStandardError = true })!;
            probe.StandardError.ReadToEnd();
            probe.WaitForExit();
            return probe.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

/// <summary>A test that needs the peer, and is skipped by name where it is not installed.</summary>
internal sealed class PeerFactAttribute : FactAttribute
{
    public PeerFactAttribute()
    {
        if (Peer.Python is null) Skip = "python3-grpcio and python3-protobuf are not installed";
    }
}
