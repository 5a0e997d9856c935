using Google.Protobuf;
using Holdfast.Rpc.Server;
using First = Grpc.Reflection.V1;
using Alpha = Grpc.Reflection.V1Alpha;

namespace Holdfast.Rpc.Reflection;

/// <summary>
/// gRPC's reflection protocol: tools such as grpcurl ask a server what it serves, and call it without its .proto files. Whoever may not know that should not
/// reach it: it is behind <see cref="RpcServerOptions.BeforeCall"/> as every other service is.
/// </summary>
/// <remarks>Source: grpc/grpc, doc/server-reflection.md.</remarks>
public static class ReflectionServices
{
    /// <summary>The services, and two more that tell of them and of themselves: <c>grpc.reflection.v1</c> and, for older tools, <c>v1alpha</c>.</summary>
    public static IReadOnlyList<RpcService> With(params IEnumerable<RpcService> services)
    {
        List<RpcService> all = [.. services];
        // Nobody waits for it at the start of a server, and most are never asked.
        var index = new Lazy<DescriptorIndex>(() => new(all.Select(service => service.Descriptor).OfType<Google.Protobuf.Reflection.ServiceDescriptor>()
            .Concat([First.ServerReflection.Descriptor, Alpha.ServerReflection.Descriptor])));
        return [.. all, new Service(index), new AlphaService(index)];
    }

    private sealed class Service(Lazy<DescriptorIndex> index) : First.ServerReflection.ServerReflectionBase
    {
        public override async Task ServerReflectionInfo(
            IAsyncStreamReader<First.ServerReflectionRequest> requests, IServerStreamWriter<First.ServerReflectionResponse> responses, ServerCallContext context)
        {
            var stream = new ReflectionStream(index.Value);
            await foreach (var request in requests.ReadAllAsync().ConfigureAwait(false)) await responses.WriteAsync(stream.Answer(request)).ConfigureAwait(false);
        }
    }

    private sealed class AlphaService(Lazy<DescriptorIndex> index) : Alpha.ServerReflection.ServerReflectionBase
    {
        public override async Task ServerReflectionInfo(
            IAsyncStreamReader<Alpha.ServerReflectionRequest> requests, IServerStreamWriter<Alpha.ServerReflectionResponse> responses, ServerCallContext context)
        {
            var stream = new ReflectionStream(index.Value);
            await foreach (var request in requests.ReadAllAsync().ConfigureAwait(false))
            {
                // The same bytes mean the same in both.
                var answer = stream.Answer(First.ServerReflectionRequest.Parser.ParseFrom(request.ToByteString()));
                await responses.WriteAsync(Alpha.ServerReflectionResponse.Parser.ParseFrom(answer.ToByteString())).ConfigureAwait(false);
            }
        }
    }
}
