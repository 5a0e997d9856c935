namespace Holdfast.Core.NativeServices;

/// <summary>A setting that the SCM did not take; the others stand.</summary>
/// <param name="Error">Windows's number.</param>
public sealed record RefusedSetting(NativeSetting Setting, uint Error)
{
    /// <summary><c>Service SID type was not taken (error 124)</c></summary>
    public override string ToString() => $"{NativeSettingWords.Windows(Setting)} was not taken (error {Error})";
}
