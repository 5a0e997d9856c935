using Holdfast.Rpc.Wire;

namespace Holdfast.Rpc.Client;

/// <summary>What a service config says of the size of messages that are sent.</summary>
internal static class SendLimit
{
    /// <param name="written">With the message's header.</param>
    /// <exception cref="RpcException">It is too large.</exception>
    public static void Check(int written, int? maxBytes)
    {
        if (written - MessageWriting.HeaderBytes is var length && length > maxBytes)
            throw new RpcException(StatusCode.ResourceExhausted, $"a message of {length} bytes is larger than the {maxBytes} bytes that the service config lets be sent");
    }
}
