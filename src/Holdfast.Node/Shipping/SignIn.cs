using System.Text;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Content;

namespace Holdfast.Node.Shipping;

/// <summary>How a sink signs in over HTTP. Secrets are in files, read anew each time: a changed one is used without a restart, and none is in memory for long.</summary>
internal static class SignIn
{
    /// <summary>The header's value; empty: nothing is to be shown. Problems: a file of secrets cannot be read.</summary>
    public static Outcome<string> Header(string? apiKeyFile, string? user, string? passwordFile)
    {
        if (apiKeyFile is not null) return Secret(apiKeyFile).Then<string>(key => $"ApiKey {key}");
        if (user is null || passwordFile is null) return "";
        return Secret(passwordFile).Then<string>(password => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}");
    }

    /// <summary>Problems: the file cannot be read.</summary>
    public static Outcome<string> Secret(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (FileTrouble.Is(e))
        {
            return FileTrouble.From(e, $"read {file}");
        }
    }
}
