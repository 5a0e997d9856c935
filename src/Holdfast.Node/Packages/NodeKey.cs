using System.Security.Cryptography;
using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Content;
using Holdfast.Platform;

namespace Holdfast.Node.Packages;

/// <summary>The secret that seals this node's admission records: 32 random bytes, made once, readable by the agent's account only.</summary>
public static class NodeKey
{
    /// <summary>The key, made if there is none; lost while there are records that it sealed, it is not made anew.</summary>
    public static Outcome<byte[]> Open(Home home)
    {
        ArgumentNullException.ThrowIfNull(home);
        var file = Path.Combine(home.Keys, SealedDocument.KeyFile);
        try
        {
            if (File.Exists(file)) return Check(file, File.ReadAllBytes(file));
            if (HasRecords(home)) return Lost(file);
            var folder = FolderRights.Ensure(home.Keys, FolderRights.OwnerOnly);
            if (!folder.IsOk) return Outcome.Failed<byte[]>(folder.Problems);
            // Half a key of an agent that died is a secret that nobody needs.
            var swept = DurableFolder.Sweep(home.Keys);
            if (!swept.IsOk) return Outcome.Failed<byte[]>(swept.Problems);
            var key = RandomNumberGenerator.GetBytes(SealedDocument.KeyLength);
            return DurableFile.Write(file, key).Then<byte[]>(_ => key);
        }
        catch (Exception exception) when (FileTrouble.Is(exception))
        {
            return FileTrouble.From(exception, $"read the node key {file}");
        }
    }

    private static bool HasRecords(Home home) =>
        Directory.Exists(home.Packages) && Directory.EnumerateDirectories(home.Packages, "sha256-*").Any();

    private static Outcome<byte[]> Check(string file, byte[] key) => key.Length == SealedDocument.KeyLength
        ? key
        : new Problem(ProblemKind.Damaged, "admission.node-key", $"the node key {file} has {key.Length} bytes, not {SealedDocument.KeyLength}") { Mend = "restore it from a backup" };

    private static Problem Lost(string file) => new(ProblemKind.Damaged, "admission.node-key", $"the node key {file} is missing, but there are packages that it sealed")
    {
        Why = "with a new key none of them could be believed, and no service would start again",
        Mend = "restore it from a backup; if there is none, move the packages folder away, start the agent and deploy again",
    };
}
