using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Reflection.V1;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.Health;
using Holdfast.Rpc.Reflection;
using Holdfast.Rpc.Tests.Calls;
using Holdfast.Rpc.Tests.Interop;
using Alpha = Grpc.Reflection.V1Alpha;

namespace Holdfast.Rpc.Tests.Reflection;

public sealed class ReflectionTests : IAsyncLifetime
{
    private RpcPair rpc = null!;

    private static CallOptions Soon => new() { Timeout = RpcFixture.Patience };

    public async Task InitializeAsync() => rpc = await RpcPair.StartAsync(ReflectionServices.With(new InteropServer(), new HealthService(), new NodeStub(), new LabelsStub()));

    public async Task DisposeAsync() => await rpc.DisposeAsync();

    [Fact]
    public async Task All_services_are_named()
    {
        var answer = await AskAsync(new ServerReflectionRequest { ListServices = "*" });
        Assert.Equal(
            ["grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection", "grpc.testing.TestService", "holdfast.v1.Node", "test.extended.Labels"],
            answer.ListServicesResponse.Service.Select(service => service.Name));
    }

    [Theory]
    [InlineData("holdfast.v1.Node")]
    [InlineData("holdfast.v1.Node.GetNode")]
    [InlineData("holdfast.v1.GetNodeRequest")]
    [InlineData("holdfast.v1.NodeInfo.version")]
    public async Task A_symbol_has_a_file_which_comes_with_what_it_imports(string symbol)
    {
        var files = Files(await AskAsync(new ServerReflectionRequest { FileContainingSymbol = symbol }));

        Assert.Equal("holdfast/v1/node.proto", files[0].Name);
        Assert.All(files.SelectMany(file => file.Dependency), imported => Assert.Contains(imported, files.Select(file => file.Name)));
        // That is all a tool needs to call it.
        var built = FileDescriptor.BuildFromByteStrings(files.Reverse().Select(file => file.ToByteString()));
        Assert.Contains(built.SelectMany(file => file.Services), service => service.FullName == "holdfast.v1.Node");
    }

    [Fact]
    public async Task What_a_stream_has_had_is_not_sent_again_unless_it_is_asked_for()
    {
        using var call = new ServerReflection.ServerReflectionClient(rpc.Channel).ServerReflectionInfo(Soon);
        Assert.True(Files(await AskAsync(call, new ServerReflectionRequest { FileByFilename = "holdfast/v1/node.proto" })).Count > 1);
        Assert.Equal("holdfast/v1/node.proto", Assert.Single(Files(await AskAsync(call, new ServerReflectionRequest { FileContainingSymbol = "holdfast.v1.Node" }))).Name);
        call.EndWriting();
        Assert.False(await call.MoveNext(default));
    }

    [Fact]
    public async Task What_is_not_known_is_said_and_the_stream_goes_on()
    {
        using var call = new ServerReflection.ServerReflectionClient(rpc.Channel).ServerReflectionInfo(Soon);
        ServerReflectionRequest[] wrong =
        [
            new() { FileByFilename = "nothing.proto" },
            new() { FileContainingSymbol = "nothing.Here" },
            new() { FileContainingExtension = new() { ContainingType = "holdfast.v1.NodeInfo", ExtensionNumber = 7 } },
            new() { AllExtensionNumbersOfType = "nothing.Here" },
        ];
        foreach (var request in wrong)
        {
            var answer = await AskAsync(call, request);
            Assert.Equal((int)StatusCode.NotFound, answer.ErrorResponse.ErrorCode);
            Assert.Equal(request, answer.OriginalRequest);
        }

        Assert.Equal((int)StatusCode.InvalidArgument, (await AskAsync(call, new ServerReflectionRequest())).ErrorResponse.ErrorCode);
        Assert.Empty((await AskAsync(call, new ServerReflectionRequest { AllExtensionNumbersOfType = "holdfast.v1.NodeInfo" })).AllExtensionNumbersResponse.ExtensionNumber);
    }

    [Fact]
    public async Task Extensions_are_found_by_message_and_number_wherever_they_are_declared()
    {
        foreach (var number in new[] { 101, 150 })
        {
            var answer = await AskAsync(new ServerReflectionRequest { FileContainingExtension = new() { ContainingType = "test.extended.Label", ExtensionNumber = number } });
            Assert.Equal("extended.proto", Assert.Single(Files(answer)).Name);
        }

        Assert.Equal([101, 150], (await AskAsync(new ServerReflectionRequest { AllExtensionNumbersOfType = "test.extended.Label" })).AllExtensionNumbersResponse.ExtensionNumber);
        Assert.Equal("extended.proto", Assert.Single(Files(await AskAsync(new ServerReflectionRequest { FileContainingSymbol = "test.extended.color" }))).Name);
    }

    [Fact]
    public async Task Older_tools_are_answered_the_same()
    {
        using var call = new Alpha.ServerReflection.ServerReflectionClient(rpc.Channel).ServerReflectionInfo(Soon);
        await call.WriteAsync(new Alpha.ServerReflectionRequest { FileContainingSymbol = "holdfast.v1.Node" });
        Assert.True(await call.MoveNext(default));

        var answer = await AskAsync(new ServerReflectionRequest { FileContainingSymbol = "holdfast.v1.Node" });
        Assert.Equal(answer.ToByteString(), call.Current!.ToByteString());
    }

    private async Task<ServerReflectionResponse> AskAsync(ServerReflectionRequest request)
    {
        using var call = new ServerReflection.ServerReflectionClient(rpc.Channel).ServerReflectionInfo(Soon);
        return await AskAsync(call, request);
    }

    private static async Task<ServerReflectionResponse> AskAsync(DuplexCall<ServerReflectionRequest, ServerReflectionResponse> call, ServerReflectionRequest request)
    {
        await call.WriteAsync(request);
        Assert.True(await call.MoveNext(default));
        return call.Current!;
    }

    private static IReadOnlyList<FileDescriptorProto> Files(ServerReflectionResponse answer) =>
        [.. answer.FileDescriptorResponse.FileDescriptorProto.Select(FileDescriptorProto.Parser.ParseFrom)];

    private sealed class LabelsStub : Extended.Labels.LabelsBase;

    private sealed class NodeStub : Rpc.V1.Node.NodeBase;
}
