using System.Text;
using Holdfast.Core.Sources;

namespace Holdfast.Core.Tests.Sources;

/// <summary>Reads a simulated folder as the agent does, and is killed at any step: what it had in memory is gone, what it had written is not.</summary>
internal sealed class SimulatedReader(SimulatedFolder folder, Random random)
{
    private readonly Dictionary<FileIdentity, SimulatedFile> open = [];
    private readonly List<(FollowedFile After, string Lines)> blocks = [];
    private FollowState checkpoint = FollowState.Begin;
    private int covered;
    private FollowState state = FollowState.Begin;

    public TimeSpan Now { get; set; }

    /// <summary>A look may miss what is being renamed. What is being copied it does not: the real one lists names until two lists agree.</summary>
    public bool MissesNames { get; init; }

    public List<FileLoss> Lost { get; } = [];

    public FollowState State => state;

    public IEnumerable<string> Lines => blocks.SelectMany(block => block.Lines.Split('\n', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>A look and a piece of each file. It may be killed on the way.</summary>
    /// <param name="mortality">How likely, at each step.</param>
    public void Turn(double mortality)
    {
        try
        {
            Look(mortality);
        }
        catch (KilledException)
        {
            Begin();
        }
    }

    /// <summary>Killed, and begun again.</summary>
    public void Begin()
    {
        foreach (var identity in open.Keys.ToList()) Release(identity);
        state = checkpoint;
        foreach (var (after, _) in blocks.Skip(covered)) state = state.After(after);
    }

    private void Look(double mortality)
    {
        var seen = folder.Look(MissesNames && mortality > 0 ? random : null);
        var step = FollowMachine.Look(state, seen, (file, offset) => Of(file.Identity, seen)?.Proof(offset), open.ContainsKey, Now);
        Die(mortality);
        if (step.HasChanged) (checkpoint, covered) = (step.State, blocks.Count);
        Lost.AddRange(step.Lost);
        Die(mortality);
        state = step.State;
        foreach (var gone in open.Keys.Where(identity => state.Find(identity) is null).ToList()) Release(gone);
        foreach (var file in state.Files) Read(file, seen.Files.FirstOrDefault(one => one.Identity == file.Identity), mortality);
        if (random.Next(4) == 0) (checkpoint, covered) = (state, blocks.Count);
    }

    private void Read(FollowedFile file, SeenFile? seen, double mortality)
    {
        if (!open.TryGetValue(file.Identity, out var from))
        {
            if (seen is null || (!file.HasMore && seen.Kind != FileKind.Wanted)) return;
            from = folder.Find(file.Identity)!;
            from.Users++;
            open[file.Identity] = from;
        }

        if (file.IsGone) file = file with { Known = from.Content.Count };
        while (file.HasMore)
        {
            if (from.Proof(file.Offset) != file.Proof) break;
            var text = Encoding.UTF8.GetString(from.Content.Skip((int)file.Offset).Take((int)(file.Known - file.Offset)).ToArray());
            // A piece, of whole lines.
            var end = text.IndexOf('\n', Math.Min(text.Length - 1, random.Next(60))) + 1;
            if (end == 0) end = text.LastIndexOf('\n') + 1;
            if (end == 0) break;
            file = file with { Offset = file.Offset + end, Proof = from.Proof(file.Offset + end)! };
            blocks.Add((file, text[..end]));
            Die(mortality);
            state = state.With(file);
        }

        if (file is { IsGone: true, HasMore: false } && random.Next(3) == 0) Release(file.Identity);
    }

    /// <summary>What the look has missed cannot be opened by its name.</summary>
    private SimulatedFile? Of(FileIdentity identity, FolderLook seen) => open.GetValueOrDefault(identity) ?? (seen.Files.Any(file => file.Identity == identity) ? folder.Find(identity) : null);

    private void Release(FileIdentity identity)
    {
        if (!open.Remove(identity, out var file)) return;
        file.Users--;
        folder.Closed(file);
    }

    private void Die(double mortality)
    {
        if (random.NextDouble() < mortality) throw new KilledException();
    }

    private sealed class KilledException : Exception;
}
