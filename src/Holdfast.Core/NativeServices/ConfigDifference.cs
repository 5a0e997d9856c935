namespace Holdfast.Core.NativeServices;

/// <summary>One setting that the SCM has otherwise than it is wanted.</summary>
public sealed record ConfigDifference(NativeSetting Setting, string Wanted, string Found)
{
    /// <summary><c>Startup type: wanted Automatic, found Disabled (windows.startType)</c></summary>
    public override string ToString()
    {
        var key = NativeSettingWords.Key(Setting);
        return $"{NativeSettingWords.Windows(Setting)}: wanted {Wanted}, found {Found}{(key is null ? "" : $" ({key})")}";
    }
}
