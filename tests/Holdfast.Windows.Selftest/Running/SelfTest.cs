using System.Reflection;

namespace Holdfast.Windows.Selftest.Running;

/// <summary>One test: a method, with the arguments of one line of its data.</summary>
/// <param name="Name">Class and method without the common namespace, and the arguments.</param>
public sealed record SelfTest(string Name, Type Class, MethodInfo Method, object?[] Arguments)
{
    /// <summary>Null: Wine has what it needs.</summary>
    public string? WineLacks => Method.GetCustomAttribute<WineLacksAttribute>()?.What;

    /// <summary>What it needs and is not beside the program; null: all is there.</summary>
    /// <param name="folder">The program's.</param>
    public string? Missing(string folder) =>
        Method.GetCustomAttribute<NeedsFileAttribute>() is { } needs && !File.Exists(Path.Combine(folder, needs.File)) ? $"{needs.File}, which {needs.Made} make" : null;

    /// <summary>On an instance of its own, which is disposed of afterwards.</summary>
    public void Run()
    {
        var instance = Activator.CreateInstance(Class);
        try
        {
            var life = instance as IAsyncLifetime;
            life?.InitializeAsync().GetAwaiter().GetResult();
            if (Method.Invoke(instance, BindingFlags.DoNotWrapExceptions, null, Arguments, null) is Task task) task.GetAwaiter().GetResult();
            life?.DisposeAsync().GetAwaiter().GetResult();
        }
        finally
        {
            (instance as IDisposable)?.Dispose();
        }
    }
}
