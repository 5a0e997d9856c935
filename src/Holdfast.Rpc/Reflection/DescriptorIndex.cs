using Google.Protobuf.Reflection;

namespace Holdfast.Rpc.Reflection;

/// <summary>The files behind a set of services, by all the names that reflection is asked for.</summary>
internal sealed class DescriptorIndex
{
    private readonly Dictionary<string, FileDescriptor> files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileDescriptor> symbols = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedDictionary<int, FileDescriptor>> extensions = new(StringComparer.Ordinal);

    public DescriptorIndex(IEnumerable<ServiceDescriptor> services)
    {
        foreach (var service in services)
        {
            Services.Add(service.FullName);
            Add(service.File);
        }
    }

    /// <summary>Full names, sorted.</summary>
    public SortedSet<string> Services { get; } = new(StringComparer.Ordinal);

    public FileDescriptor? File(string name) => files.GetValueOrDefault(name);

    /// <param name="name">Of a service, method, message, field, enum, enum value or extension, in full.</param>
    public FileDescriptor? Symbol(string name) => symbols.GetValueOrDefault(name);

    public FileDescriptor? Extension(string type, int number) => extensions.GetValueOrDefault(type)?.GetValueOrDefault(number);

    /// <summary>Null: there is no such message.</summary>
    public IReadOnlyCollection<int>? ExtensionNumbers(string type) =>
        extensions.TryGetValue(type, out var known) ? known.Keys
        : symbols.TryGetValue(type, out var file) && HasMessage(file.MessageTypes, type) ? [] : null;

    /// <summary>A file, and all that it imports, each once and after all that import it.</summary>
    public static IEnumerable<FileDescriptor> Closure(FileDescriptor file)
    {
        var importedFirst = new List<FileDescriptor>();
        Visit(file, importedFirst, new(StringComparer.Ordinal));
        return Enumerable.Reverse(importedFirst);
    }

    private static void Visit(FileDescriptor file, List<FileDescriptor> importedFirst, HashSet<string> seen)
    {
        if (!seen.Add(file.Name)) return;
        foreach (var imported in file.Dependencies) Visit(imported, importedFirst, seen);
        importedFirst.Add(file);
    }

    private void Add(FileDescriptor file)
    {
        if (!files.TryAdd(file.Name, file)) return;
        foreach (var service in file.Services)
        {
            symbols[service.FullName] = file;
            foreach (var method in service.Methods) symbols[method.FullName] = file;
        }

        foreach (var message in file.MessageTypes) Add(message, file);
        foreach (var type in file.EnumTypes) Add(type, file);
        foreach (var extension in file.Extensions.UnorderedExtensions) Add(extension, file);
        foreach (var imported in file.Dependencies) Add(imported);
    }

    private void Add(MessageDescriptor message, FileDescriptor file)
    {
        symbols[message.FullName] = file;
        foreach (var field in message.Fields.InDeclarationOrder()) symbols[field.FullName] = file;
        foreach (var oneof in message.Oneofs) symbols[oneof.FullName] = file;
        foreach (var nested in message.NestedTypes) Add(nested, file);
        foreach (var type in message.EnumTypes) Add(type, file);
        foreach (var extension in message.Extensions.UnorderedExtensions) Add(extension, file);
    }

    private void Add(EnumDescriptor type, FileDescriptor file)
    {
        symbols[type.FullName] = file;
        foreach (var value in type.Values) symbols[value.FullName] = file;
    }

    private void Add(FieldDescriptor extension, FileDescriptor file)
    {
        symbols[extension.FullName] = file;
        if (!extensions.TryGetValue(extension.ExtendeeType.FullName, out var known)) extensions.Add(extension.ExtendeeType.FullName, known = []);
        known[extension.FieldNumber] = file;
    }

    private static bool HasMessage(IEnumerable<MessageDescriptor> messages, string name) =>
        messages.Any(message => message.FullName == name || HasMessage(message.NestedTypes, name));
}
