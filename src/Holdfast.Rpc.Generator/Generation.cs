using Google.Protobuf.Reflection;

namespace Holdfast.Rpc.Generator;

/// <summary>One run of the plugin: a C# file for every .proto that has a service.</summary>
internal static class Generation
{
    /// <summary><c>optional</c> in proto3: it changes nothing about services.</summary>
    private const ulong Proto3Optional = 1;

    public static GenerateResponse Run(GenerateRequest request)
    {
        var response = new GenerateResponse { SupportedFeatures = Proto3Optional };
        var (options, unknown) = GenerationOptions.Parse(request.Parameter);
        var problems = unknown.Select(option => $"the option {option} is not known; there are {string.Join(", ", GenerationOptions.Known)}").ToList();
        var types = new MessageTypes(request.ProtoFile);
        foreach (var name in request.FileToGenerate)
        {
            var file = request.ProtoFile.Single(f => f.Name == name);
            problems.AddRange(ServiceNames.Problems(file));
            if (file.Service.Count > 0) response.File.Add(Source(file, types, options));
        }

        return problems.Count == 0 ? response : new GenerateResponse { SupportedFeatures = Proto3Optional, Error = string.Join('\n', problems) };
    }

    private static GenerateResponse.Types.File Source(FileDescriptorProto file, MessageTypes types, GenerationOptions options) => new()
    {
        // The name that Grpc.Tools expects of the plugin of grpc-dotnet.
        Name = CsNames.Camel(CsNames.BaseName(file.Name)) + "Grpc.cs",
        Content = new ServiceSource(file, types, options).Text(),
    };
}
