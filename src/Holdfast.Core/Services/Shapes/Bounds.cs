namespace Holdfast.Core.Services.Shapes;

internal static class Bounds
{
    /// <summary>What a value is and how much of it may be, in words.</summary>
    public static string Words(string what, string? least, string? most) => (least, most) switch
    {
        (null, null) => what,
        (_, null) => $"{what}, at least {least}",
        (null, _) => $"{what}, at most {most}",
        _ => $"{what}, {least} to {most}",
    };
}
