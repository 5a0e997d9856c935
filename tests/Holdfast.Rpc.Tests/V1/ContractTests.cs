using Google.Protobuf.Reflection;
using Holdfast.Rpc.V1;

namespace Holdfast.Rpc.Tests.V1;

/// <summary>
/// What was published once stays: proto/baseline.txt has every call, field and value that other programs may rely on. HOLDFAST_UPDATE_GOLDEN=1 adds what is
/// new; what is gone is never taken out by a test.
/// </summary>
public sealed class ContractTests
{
    private static readonly FileDescriptor[] Files =
    [
        ServicesReflection.Descriptor, PackagesReflection.Descriptor, OutputReflection.Descriptor, NodeReflection.Descriptor, ClusterReflection.Descriptor, NodesReflection.Descriptor, RecordsReflection.Descriptor, CommonReflection.Descriptor,
        Grpc.Health.V1.HealthReflection.Descriptor, Grpc.Reflection.V1.ReflectionReflection.Descriptor, Grpc.Reflection.V1Alpha.ReflectionReflection.Descriptor,
        Google.Rpc.StatusReflection.Descriptor,
    ];

    [Fact]
    public void Nothing_that_others_rely_on_is_gone_or_has_another_number()
    {
        var now = WireBaseline.Of(Files).Order(StringComparer.Ordinal).ToList();
        var path = Path.Combine(Protos, "baseline.txt");
        if (Environment.GetEnvironmentVariable("HOLDFAST_UPDATE_GOLDEN") == "1")
            File.WriteAllLines(path, now.Union(File.Exists(path) ? File.ReadAllLines(path) : [], StringComparer.Ordinal).Order(StringComparer.Ordinal));
        var published = File.ReadAllLines(path);

        Assert.True(!published.Except(now).Any(), $"gone, or another number or type; put it back, whatever came in its place:\n{string.Join('\n', published.Except(now))}");
        Assert.True(!now.Except(published).Any(), $"new; HOLDFAST_UPDATE_GOLDEN=1 adds it to {path}:\n{string.Join('\n', now.Except(published))}");
    }

    [Fact]
    public void Every_proto_is_compared() => Assert.Equal(
        Directory.EnumerateFiles(Protos, "*.proto", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Protos, file).Replace('\\', '/')).Order(StringComparer.Ordinal),
        Files.Select(file => file.Name).Order(StringComparer.Ordinal));

    private static string Protos
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "Holdfast.slnx"))) return Path.Combine(folder.FullName, "proto");
            }

            throw new DirectoryNotFoundException("no Holdfast.slnx above the tests");
        }
    }
}
