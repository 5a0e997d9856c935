namespace Holdfast.Rpc;

/// <summary>How a call ended.</summary>
/// <param name="Code">The code.</param>
/// <param name="Detail">One sentence for a person; may be empty.</param>
public sealed record RpcStatus(StatusCode Code, string Detail)
{
    public static RpcStatus Ok { get; } = new(StatusCode.Ok, "");

    public override string ToString() => Detail.Length == 0 ? Code.ToString() : $"{Code}: {Detail}";
}
