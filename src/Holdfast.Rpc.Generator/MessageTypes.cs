using Google.Protobuf.Reflection;

namespace Holdfast.Rpc.Generator;

/// <summary>The C# type of every message that a run knows.</summary>
internal sealed class MessageTypes
{
    private readonly Dictionary<string, string> byName = new(StringComparer.Ordinal);

    public MessageTypes(IEnumerable<FileDescriptorProto> files)
    {
        foreach (var file in files)
        {
            var scope = file.Package.Length == 0 ? "" : "." + file.Package;
            foreach (var message in file.MessageType) Add(message, scope, name => CsNames.Global(CsNames.Namespace(file), name));
        }
    }

    /// <param name="name">As descriptors write it: <c>.holdfast.v1.GetNodeRequest</c>.</param>
    public string Find(string name) => byName[name];

    private void Add(DescriptorProto message, string scope, Func<string, string> place)
    {
        var type = place(message.Name);
        byName.Add($"{scope}.{message.Name}", type);
        foreach (var nested in message.NestedType) Add(nested, $"{scope}.{message.Name}", name => $"{type}.Types.{name}");
    }
}
