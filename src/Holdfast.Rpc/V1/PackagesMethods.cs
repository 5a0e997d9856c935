namespace Holdfast.Rpc.V1;

/// <summary>The methods of <c>holdfast.v1.Packages</c>: packages on this node.</summary>
public static class PackagesMethods
{
    public const string Service = "holdfast.v1.Packages";

    public static readonly Method<PushRequest, PushResponse> Push =
        new(MethodKind.ClientStreaming, Service, nameof(Push), PushRequest.Parser, PushResponse.Parser);
}
