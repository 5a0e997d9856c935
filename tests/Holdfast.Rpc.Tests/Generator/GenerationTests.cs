using Google.Protobuf.Reflection;
using Holdfast.Rpc.Generator;

namespace Holdfast.Rpc.Tests.Generator;

public sealed class GenerationTests
{
    [Fact]
    public void Each_kind_of_call_becomes_a_method_of_the_base_class_and_of_the_client()
    {
        var text = Text("");

        string[] expected =
        [
            "namespace Acme.ShopV1;",
            "public static partial class Shop",
            "public const string ServiceName = \"acme.shop_v1.Shop\";",
            "public static global::Google.Protobuf.Reflection.ServiceDescriptor Descriptor => global::Acme.ShopV1.ShopApiReflection.Descriptor.Services[0];",
            "public abstract partial class ShopBase : global::Holdfast.Rpc.Server.RpcService",
            "public virtual global::System.Threading.Tasks.Task<global::Acme.ShopV1.Answer> Ask(global::Acme.ShopV1.Question.Types.Part request, global::Holdfast.Rpc.Server.ServerCallContext context)",
            "public virtual global::System.Threading.Tasks.Task<global::Acme.ShopV1.Answer> Send(global::Holdfast.Rpc.IAsyncStreamReader<global::Acme.ShopV1.Question> requests, global::Holdfast.Rpc.Server.ServerCallContext context)",
            "public virtual global::System.Threading.Tasks.Task Watch(global::Google.Protobuf.WellKnownTypes.Empty request, global::Holdfast.Rpc.Server.IServerStreamWriter<global::Acme.ShopV1.Answer> responses, global::Holdfast.Rpc.Server.ServerCallContext context)",
            "public virtual global::System.Threading.Tasks.Task Talk(global::Holdfast.Rpc.IAsyncStreamReader<global::Acme.ShopV1.Question> requests, global::Holdfast.Rpc.Server.IServerStreamWriter<global::Acme.ShopV1.Answer> responses, global::Holdfast.Rpc.Server.ServerCallContext context)",
            "methods.Unary(Methods.Ask, Ask);",
            "methods.ClientStreaming(Methods.Send, Send);",
            "methods.ServerStreaming(Methods.Watch, Watch);",
            "methods.Duplex(Methods.Talk, Talk);",
            "public sealed partial class ShopClient(global::Holdfast.Rpc.Client.RpcChannel channel)",
            "public global::System.Threading.Tasks.Task<global::Acme.ShopV1.Answer> AskAsync(global::Acme.ShopV1.Question.Types.Part request, global::Holdfast.Rpc.Client.CallOptions options = default) =>",
            "public global::Holdfast.Rpc.Client.ClientStreamingCall<global::Acme.ShopV1.Question, global::Acme.ShopV1.Answer> Send(global::Holdfast.Rpc.Client.CallOptions options = default) =>",
            "public global::Holdfast.Rpc.Client.ServerStreamingCall<global::Acme.ShopV1.Answer> Watch(global::Google.Protobuf.WellKnownTypes.Empty request, global::Holdfast.Rpc.Client.CallOptions options = default) =>",
            "public global::Holdfast.Rpc.Client.DuplexCall<global::Acme.ShopV1.Question, global::Acme.ShopV1.Answer> Talk(global::Holdfast.Rpc.Client.CallOptions options = default) =>",
        ];
        Assert.All(expected, line => Assert.Contains(line, text, StringComparison.Ordinal));
        Assert.DoesNotContain('\r', text);
    }

    [Fact]
    public void What_the_proto_says_of_a_call_is_said_in_the_code()
    {
        var lines = Text("").Split('\n').Select(line => line.Trim()).ToList();

        var at = lines.FindIndex(line => line.StartsWith("public virtual", StringComparison.Ordinal) && line.Contains(" Ask(", StringComparison.Ordinal));
        Assert.Equal(
            ["/// <summary>", "/// What &lt;is&gt; it &amp; why?".Replace("&gt;", ">", StringComparison.Ordinal), "/// </summary>", "[global::System.Obsolete(\"The .proto says it is deprecated.\")]"],
            lines[(at - 4)..at]);
    }

    [Theory]
    [InlineData("no_client", "ShopBase", "ShopClient", "public static partial class Shop")]
    [InlineData("no_server", "ShopClient", "ShopBase", "public static partial class Shop")]
    [InlineData("internal_access,no_client", "ShopBase", "ShopClient", "internal static partial class Shop")]
    public void Options_leave_out_what_is_not_wanted(string options, string there, string missing, string declared)
    {
        var text = Text(options);
        Assert.Contains(there, text, StringComparison.Ordinal);
        Assert.DoesNotContain(missing, text, StringComparison.Ordinal);
        Assert.Contains(declared, text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_services_makes_no_text()
    {
        var request = Request("");
        request.ProtoFile.Single(f => f.Name == "acme/shop_api.proto").Service.Clear();
        Assert.Empty(Generation.Run(request).File);
    }

    [Fact]
    public void All_that_cannot_be_said_in_CSharp_is_said_at_once()
    {
        var request = Request("fast,no_client");
        var service = request.ProtoFile.Single(f => f.Name == "acme/shop_api.proto").Service[0];
        service.Method[0].Name = "Bind";
        service.Method[1].Name = "ShopClient";

        var response = Generation.Run(request);

        Assert.Empty(response.File);
        Assert.Equal(
            [
                "the option fast is not known; there are internal_access, no_client, no_server",
                "acme/shop_api.proto: Shop.Bind cannot be called so in C#, where each service has a member of that name already; rename the call",
                "acme/shop_api.proto: Shop.ShopClient cannot be called so in C#, where each service has a member of that name already; rename the call",
            ],
            response.Error.Split('\n'));
    }

    [Theory]
    [InlineData("shop", "Shop")]
    [InlineData("shop_api", "ShopApi")]
    [InlineData("shop-api", "ShopApi")]
    [InlineData("v1beta2", "V1Beta2")]
    public void Names_are_those_of_protoc(string name, string expected) => Assert.Equal(expected, CsNames.Camel(name));

    private static string Text(string options)
    {
        var response = Generation.Run(Request(options));
        Assert.Equal("", response.Error);
        var file = Assert.Single(response.File);
        Assert.Equal("ShopApiGrpc.cs", file.Name);
        return file.Content;
    }

    private static GenerateRequest Request(string options)
    {
        const string Question = ".acme.shop_v1.Question", Answer = ".acme.shop_v1.Answer";
        var file = new FileDescriptorProto
        {
            Name = "acme/shop_api.proto",
            Package = "acme.shop_v1",
            MessageType = { new DescriptorProto { Name = "Question", NestedType = { new DescriptorProto { Name = "Part" } } }, new DescriptorProto { Name = "Answer" } },
            Service =
            {
                new ServiceDescriptorProto
                {
                    Name = "Shop",
                    Method =
                    {
                        new MethodDescriptorProto { Name = "Ask", InputType = Question + ".Part", OutputType = Answer, Options = new MethodOptions { Deprecated = true } },
                        new MethodDescriptorProto { Name = "Send", InputType = Question, OutputType = Answer, ClientStreaming = true },
                        new MethodDescriptorProto { Name = "Watch", InputType = ".google.protobuf.Empty", OutputType = Answer, ServerStreaming = true },
                        new MethodDescriptorProto { Name = "Talk", InputType = Question, OutputType = Answer, ClientStreaming = true, ServerStreaming = true },
                    },
                },
            },
            SourceCodeInfo = new SourceCodeInfo { Location = { new SourceCodeInfo.Types.Location { Path = { 6, 0, 2, 0 }, LeadingComments = " What <is> it & why?\n" } } },
        };
        return new GenerateRequest
        {
            Parameter = options,
            FileToGenerate = { file.Name },
            ProtoFile = { Google.Protobuf.WellKnownTypes.EmptyReflection.Descriptor.ToProto(), file },
        };
    }
}
