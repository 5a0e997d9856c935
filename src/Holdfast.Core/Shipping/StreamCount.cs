namespace Holdfast.Core.Shipping;

/// <summary>
/// How far a sink is in one stream, in lines, since it began with it (law 6). What was produced is either delivered, put aside, lost before it could be read, or still queued: there is
/// no fifth place, and no line is in two.
/// </summary>
/// <param name="From">The sequence that it began with.</param>
/// <param name="Next">The sequence of the first line that is not settled.</param>
/// <param name="Delivered">Lines of events that the receiver has.</param>
/// <param name="PutAside">Lines of events that it refused for good: they are among its dead letters.</param>
/// <param name="Lost">Lines that were not there to be read: lost before they were written (and counted there), damaged, or deleted by retention first.</param>
public readonly record struct StreamCount(long From, long Next, long Delivered, long PutAside, long Lost)
{
    /// <summary>Nothing of what was settled is missing or counted twice.</summary>
    public bool IsBalanced => Next - From == Delivered + PutAside + Lost && Delivered >= 0 && PutAside >= 0 && Lost >= 0 && Next >= From;

    /// <param name="written">The sequence that the next line of the stream will have.</param>
    public long Produced(long written) => written - From;

    /// <param name="written">The sequence that the next line of the stream will have.</param>
    public long Queued(long written) => written - Next;
}
