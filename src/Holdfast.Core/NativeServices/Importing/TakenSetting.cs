namespace Holdfast.Core.NativeServices.Importing;

/// <summary>A setting that has its counterpart here.</summary>
/// <param name="Setting">As the other wrapper calls it.</param>
/// <param name="Key">As a definition calls it: <c>stop.timeout</c>.</param>
public sealed record TakenSetting(string Setting, string Key)
{
    public override string ToString() => $"{Setting} → {Key}";
}
