namespace Holdfast.Windows.Selftest.Running;

/// <summary>A file beside this program that is compiled by something else than the .NET SDK: where that was not to be had, the test is left out by name.</summary>
/// <param name="file">Below the program's folder, with slashes.</param>
/// <param name="made">What makes it.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NeedsFileAttribute(string file, string made) : Attribute
{
    public string File { get; } = file;

    public string Made { get; } = made;
}
