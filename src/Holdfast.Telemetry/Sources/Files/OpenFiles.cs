using Holdfast.Core.Sources;

namespace Holdfast.Telemetry.Sources.Files;

/// <summary>
/// The files of an instance that are held open: those that are read, so that a name they lose costs nothing, and for a moment those that are only looked into. The proof of what has not
/// changed is not made again.
/// </summary>
internal sealed class OpenFiles(ISourceFiles files) : IDisposable
{
    private readonly Dictionary<FileIdentity, ISourceFile> held = [];
    private readonly Dictionary<FileIdentity, (long Stamp, long Length, long Offset, string? Proof)> proofs = [];
    private readonly byte[] head = new byte[FileProof.Window], tail = new byte[FileProof.Window];

    /// <summary>What could not be opened since it was asked last, a sentence each.</summary>
    public SortedSet<string> Troubles { get; } = new(StringComparer.Ordinal);

    public bool IsHeld(FileIdentity identity) => held.ContainsKey(identity);

    public ISourceFile? Find(FileIdentity identity) => held.GetValueOrDefault(identity);

    /// <summary>Holds it open from now on; null: it cannot be opened.</summary>
    public ISourceFile? Hold(SeenFile seen)
    {
        if (held.TryGetValue(seen.Identity, out var known)) return known;
        return Open(seen) is { } opened ? held[seen.Identity] = opened : null;
    }

    public void Release(FileIdentity identity)
    {
        if (held.Remove(identity, out var file)) file.Dispose();
    }

    /// <summary>Lets go of all that is not among these.</summary>
    public void Keep(IEnumerable<FileIdentity> identities)
    {
        var kept = identities.ToHashSet();
        foreach (var gone in held.Keys.Where(identity => !kept.Contains(identity)).ToList()) Release(gone);
        foreach (var gone in proofs.Keys.Where(identity => !kept.Contains(identity)).ToList()) proofs.Remove(gone);
    }

    /// <summary>What was read of a file was proven while it was read.</summary>
    public void Proven(SeenFile seen, long offset, string proof) => proofs[seen.Identity] = (seen.Stamp, seen.Length, offset, proof);

    /// <summary>Null: it cannot be read, or not so far.</summary>
    public string? Proof(SeenFile seen, long offset)
    {
        if (offset == 0 && held.ContainsKey(seen.Identity)) return "";
        if (proofs.TryGetValue(seen.Identity, out var known) && (known.Stamp, known.Length, known.Offset) == (seen.Stamp, seen.Length, offset)) return known.Proof;
        var file = Find(seen.Identity);
        using var opened = file is null ? Open(seen) : null;
        file ??= opened;
        if (file is null) return null;
        var proof = Of(file, offset);
        if (proof is not null) proofs[seen.Identity] = (seen.Stamp, seen.Length, offset, proof);
        return proof;
    }

    public void Dispose() => Keep([]);

    private string? Of(ISourceFile file, long offset)
    {
        var bytes = FileProof.Bytes(offset);
        try
        {
            return file.Read(0, head.AsSpan(0, bytes)) == bytes && file.Read(offset - bytes, tail.AsSpan(0, bytes)) == bytes ? FileProof.Of(head.AsSpan(0, bytes), tail.AsSpan(0, bytes)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Troubles.Add(e.Message);
            return null;
        }
    }

    private ISourceFile? Open(SeenFile seen)
    {
        var opened = files.Open(seen, out var trouble);
        if (trouble is not null) Troubles.Add(trouble);
        return opened;
    }
}
