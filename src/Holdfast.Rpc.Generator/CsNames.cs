using System.Text;
using Google.Protobuf.Reflection;

namespace Holdfast.Rpc.Generator;

/// <summary>The names that protoc gives to C#.</summary>
internal static class CsNames
{
    /// <summary><c>user_service</c> → <c>UserService</c>; what is no letter or digit ends a word, and a digit does too.</summary>
    public static string Camel(string name)
    {
        var camel = new StringBuilder(name.Length);
        var begin = true;
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c))
            {
                begin = true;
                continue;
            }

            camel.Append(begin ? char.ToUpperInvariant(c) : c);
            begin = char.IsAsciiDigit(c);
        }

        return camel.ToString();
    }

    /// <summary>Of <c>a/b/user.proto</c>: <c>user</c>.</summary>
    public static string BaseName(string file) => Path.GetFileNameWithoutExtension(file);

    /// <summary>The namespace that a file says, or its package as C# writes it; empty: none.</summary>
    public static string Namespace(FileDescriptorProto file) => file.Options is { HasCsharpNamespace: true } options
        ? options.CsharpNamespace
        : string.Join('.', file.Package.Split('.', StringSplitOptions.RemoveEmptyEntries).Select(Camel));

    /// <summary>The class that protoc makes for the file itself, with its namespace.</summary>
    public static string Reflection(FileDescriptorProto file) => Global(Namespace(file), Camel(BaseName(file.Name)) + "Reflection");

    public static string Global(string @namespace, string name) => @namespace.Length == 0 ? $"global::{name}" : $"global::{@namespace}.{name}";
}
