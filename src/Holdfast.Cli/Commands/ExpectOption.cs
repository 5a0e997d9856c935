using System.CommandLine;
using Holdfast.Core.Packages;

namespace Holdfast.Cli.Commands;

/// <summary><c>--expect</c>: a backup vouches for itself only as far as somebody kept its digest elsewhere.</summary>
internal static class ExpectOption
{
    public static Option<string?> Create()
    {
        var option = new Option<string?>("--expect") { Description = "The digest that was noted when it was made; another backup is refused", HelpName = "DIGEST" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } given && !PackageDigest.IsValid(given))
                result.AddError($"'{given}' is not a digest; write sha256: and 64 hexadecimal digits");
        });
        return option;
    }
}
