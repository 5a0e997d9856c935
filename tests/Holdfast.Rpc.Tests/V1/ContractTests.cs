using System.Reflection;
using Google.Protobuf.Reflection;
using Holdfast.Rpc.Server;
using Holdfast.Rpc.V1;

namespace Holdfast.Rpc.Tests.V1;

/// <summary>The hand-written bases and clients say what the .proto files say: nothing more, nothing less.</summary>
public sealed class ContractTests
{
    public static TheoryData<string> Services => [.. Descriptors.Select(d => d.FullName)];

    private static IEnumerable<ServiceDescriptor> Descriptors =>
        new[] { ServicesReflection.Descriptor, PackagesReflection.Descriptor, OutputReflection.Descriptor, NodeReflection.Descriptor }.SelectMany(f => f.Services);

    [Theory, MemberData(nameof(Services))]
    public void Every_method_of_a_service_is_described_as_its_proto_says(string service)
    {
        var descriptor = Descriptors.Single(d => d.FullName == service);
        var described = TypeOf(descriptor.Name + "Methods").GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(f => f.FieldType.IsGenericType)
            .Select(f => Describe(f.GetValue(null)!))
            .Order();

        Assert.Equal(descriptor.Methods.Select(Describe).Order(), described);
    }

    [Theory, MemberData(nameof(Services))]
    public void Every_method_of_a_service_is_served_and_can_be_called(string service)
    {
        var descriptor = Descriptors.Single(d => d.FullName == service);
        var served = TypeOf(descriptor.Name + "Base").GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(m => m.IsVirtual && !m.IsFinal).Select(m => m.Name).Order();
        var called = TypeOf(descriptor.Name + "Client").GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Select(m => m.Name.EndsWith("Async", StringComparison.Ordinal) ? m.Name[..^5] : m.Name).Order();
        var names = descriptor.Methods.Select(m => m.Name).Order().ToList();

        Assert.Equal(names, served);
        Assert.Equal(names, called);
    }

    [Fact]
    public void Binding_a_base_serves_every_path_of_its_proto()
    {
        var methods = new MethodTable();
        foreach (RpcService service in new RpcService[] { new NoServices(), new NoPackages(), new NoOutput(), new NoNode() }) service.Bind(methods);

        Assert.Equal(
            Descriptors.SelectMany(d => d.Methods.Select(m => $"/{d.FullName}/{m.Name}")).Order(),
            methods.Paths.Order());
    }

    private static System.Type TypeOf(string name) => typeof(ServicesBase).Assembly.GetType("Holdfast.Rpc.V1." + name, throwOnError: true)!;

    private static string Describe(MethodDescriptor method) =>
        $"{method.Service.FullName}/{method.Name} {(method.IsClientStreaming, method.IsServerStreaming) switch
        {
            (true, true) => MethodKind.Duplex,
            (true, false) => MethodKind.ClientStreaming,
            (false, true) => MethodKind.ServerStreaming,
            _ => MethodKind.Unary,
        }} {method.InputType.ClrType.Name} {method.OutputType.ClrType.Name}";

    private static string Describe(object method)
    {
        var type = method.GetType();
        object Get(string name) => type.GetProperty(name)!.GetValue(method)!;
        var arguments = type.GetGenericArguments();
        return $"{Get("Service")}/{Get("Name")} {Get("Kind")} {arguments[0].Name} {arguments[1].Name}";
    }

    private sealed class NoServices : ServicesBase;

    private sealed class NoPackages : PackagesBase;

    private sealed class NoOutput : OutputBase;

    private sealed class NoNode : NodeBase;
}
