using System.Text;
using Holdfast.Core.Clusters;
using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;
using Holdfast.Packaging.Content;
using Holdfast.Platform;

namespace Holdfast.Node.Clusters;

/// <summary>The tokens that are out, on disk: an agent's restart changes nothing about them.</summary>
internal sealed class JoinTokenFile(Home home)
{
    private readonly string file = new PkiFiles(home).Tokens;

    public Outcome<IssuedTokens> Read()
    {
        try
        {
            return File.Exists(file) ? IssuedTokensText.Parse(File.ReadAllText(file), file) : IssuedTokens.None;
        }
        catch (Exception e) when (FileTrouble.Is(e))
        {
            return FileTrouble.From(e, $"read {file}");
        }
    }

    public Outcome<Done> Write(IssuedTokens tokens) => DurableFile.Write(file, Encoding.UTF8.GetBytes(IssuedTokensText.Of(tokens)));
}
