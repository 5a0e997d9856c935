using Google.Protobuf.Reflection;

namespace Holdfast.Rpc.Generator;

/// <summary>Names of a .proto that C# has no place for, said before a compiler stumbles over them.</summary>
internal static class ServiceNames
{
    /// <summary>Members that every base class and client has already.</summary>
    private static readonly HashSet<string> Taken = new(StringComparer.Ordinal) { "Bind", "Descriptor", "Equals", "Finalize", "GetHashCode", "GetType", "MemberwiseClone", "ReferenceEquals", "ToString" };

    public static IEnumerable<string> Problems(FileDescriptorProto file)
    {
        foreach (var service in file.Service)
        {
            foreach (var method in service.Method)
            {
                if (Taken.Contains(method.Name) || method.Name == service.Name + "Base" || method.Name == service.Name + "Client")
                    yield return $"{file.Name}: {service.Name}.{method.Name} cannot be called so in C#, where each service has a member of that name already; rename the call";
            }
        }
    }
}
