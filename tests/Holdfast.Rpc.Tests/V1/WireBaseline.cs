using Google.Protobuf.Reflection;

namespace Holdfast.Rpc.Tests.V1;

/// <summary>What other programs rely on in a set of .proto files, a line each: calls, fields and values, with their numbers and types.</summary>
internal static class WireBaseline
{
    public static IEnumerable<string> Of(IEnumerable<FileDescriptor> files)
    {
        foreach (var file in files)
        {
            foreach (var service in file.Services)
            {
                foreach (var method in service.Methods)
                    yield return $"call {service.FullName}/{method.Name} ({Stream(method.IsClientStreaming)}{method.InputType.FullName}) returns ({Stream(method.IsServerStreaming)}{method.OutputType.FullName})";
            }

            foreach (var line in file.MessageTypes.SelectMany(Of).Concat(file.EnumTypes.SelectMany(Of))) yield return line;
        }
    }

    private static string Stream(bool streaming) => streaming ? "stream " : "";

    private static IEnumerable<string> Of(MessageDescriptor message)
    {
        foreach (var field in message.Fields.InFieldNumberOrder())
        {
            var kind = field.IsMap ? "map " : field.IsRepeated ? "repeated " : field.HasPresence && field.FieldType != FieldType.Message ? "optional " : "";
            var type = field.FieldType switch
            {
                FieldType.Message => field.MessageType.FullName,
                FieldType.Enum => field.EnumType.FullName,
                var simple => simple.ToString().ToLowerInvariant(),
            };
            yield return $"field {message.FullName} {field.FieldNumber} {field.Name} {kind}{type}{(field.RealContainingOneof is { } oneof ? " in " + oneof.Name : "")}";
        }

        foreach (var line in message.NestedTypes.SelectMany(Of).Concat(message.EnumTypes.SelectMany(Of))) yield return line;
    }

    private static IEnumerable<string> Of(EnumDescriptor type) => type.Values.Select(value => $"value {type.FullName} {value.Number} {value.Name}");
}
