namespace Holdfast.Node.Packages;

/// <summary>One at a time for each digest, in the order of coming. Who had to wait looks again at what there is.</summary>
internal sealed class DigestTurns
{
    private readonly Dictionary<string, Place> places = new(StringComparer.Ordinal);

    /// <summary>The turn; it is given back by disposing it.</summary>
    public async Task<IDisposable> EnterAsync(string digest, CancellationToken cancel)
    {
        Place place;
        lock (places)
        {
            if (!places.TryGetValue(digest, out place!)) places[digest] = place = new();
            place.Users++;
        }

        try
        {
            await place.Gate.WaitAsync(cancel);
        }
        catch
        {
            Leave(digest, place);
            throw;
        }

        return new Turn(() =>
        {
            place.Gate.Release();
            Leave(digest, place);
        });
    }

    private void Leave(string digest, Place place)
    {
        lock (places)
        {
            if (--place.Users > 0) return;
            places.Remove(digest);
            place.Gate.Dispose();
        }
    }

    private sealed class Place
    {
        public SemaphoreSlim Gate { get; } = new(1);

        public int Users { get; set; }
    }

    private sealed class Turn(Action leave) : IDisposable
    {
        public void Dispose() => leave();
    }
}
