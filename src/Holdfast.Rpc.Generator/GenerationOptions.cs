namespace Holdfast.Rpc.Generator;

/// <summary>What Grpc.Tools says to a plugin for <c>Access</c> and <c>GrpcServices</c> of a <c>Protobuf</c> item.</summary>
internal sealed record GenerationOptions(bool Internal, bool Client, bool Server)
{
    private const string InternalAccess = "internal_access", NoClient = "no_client", NoServer = "no_server";

    public static IReadOnlyList<string> Known { get; } = [InternalAccess, NoClient, NoServer];

    public static (GenerationOptions Options, IReadOnlyList<string> Unknown) Parse(string parameter)
    {
        var given = parameter.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return (new(given.Contains(InternalAccess), !given.Contains(NoClient), !given.Contains(NoServer)), [.. given.Except(Known)]);
    }
}
