namespace Holdfast.Rpc.Tests.Interop;

internal enum Role
{
    Client,
    Server,
}

/// <summary>What a peer cannot do, and why. What stands here is tried nevertheless, and has to fail: a line that is no longer true is a failure.</summary>
internal static class PeerLimits
{
    private const string Blind = "its handlers are not told whether a single message came compressed, so it takes the lie";

    public static IReadOnlyDictionary<(string Peer, Role Role, string Case), string> All { get; } = new Dictionary<(string, Role, string), string>
    {
        [("Python", Role.Server, "client_compressed_unary")] = Blind,
        [("Python", Role.Server, "client_compressed_streaming")] = Blind,
        [("Node", Role.Server, "client_compressed_unary")] = Blind,
        [("Node", Role.Server, "client_compressed_streaming")] = Blind,
        [("Node", Role.Server, "server_compressed_unary")] = "it compresses no answer",
        [("Node", Role.Server, "server_compressed_streaming")] = "it compresses no answer",
    };
}
