using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Holdfast.Testing.Documents;

/// <summary>
/// What a document of an older version does not say. Generated readers give a member that is set once, and is not there, the default of its
/// type and not of its initializer: what may not be that has to say in its setter what it is instead.
/// </summary>
public static class MissingKeys
{
    /// <summary>Members, as Type.Member, that would be null although they may not be, or another value than a new one has.</summary>
    public static IReadOnlyList<string> LostIn(JsonSerializerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var nullability = new NullabilityInfoContext();
        List<string> found = [];
        foreach (var type in Objects(context))
        {
            foreach (var member in type.Properties.Where(member => member is { IsRequired: false, AssociatedParameter.IsMemberInitializer: true }))
            {
                if (member.AttributeProvider is not PropertyInfo property) continue;
                var read = RuntimeHelpers.GetUninitializedObject(type.Type);
                property.SetValue(read, null);
                var lost = property.PropertyType.IsValueType
                    ? New(type.Type) is { } made && !Equals(property.GetValue(made), property.GetValue(read))
                    : nullability.Create(property).ReadState == NullabilityState.NotNull && property.GetValue(read) is null;
                if (lost) found.Add($"{type.Type.Name}.{property.Name}");
            }
        }

        return found;
    }

    private static object? New(Type type) => type.GetConstructor([])?.Invoke([]);

    private static IEnumerable<JsonTypeInfo> Objects(JsonSerializerContext context) => context.GetType().GetProperties()
        .Where(property => property.PropertyType.IsAssignableTo(typeof(JsonTypeInfo)))
        .Select(property => (JsonTypeInfo)property.GetValue(context)!)
        .Where(type => type.Kind == JsonTypeInfoKind.Object && !type.Type.IsAbstract);
}
