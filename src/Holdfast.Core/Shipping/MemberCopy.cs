namespace Holdfast.Core.Shipping;

/// <summary>
/// Copies members of a line's object into an event, each with a comma behind it. Those that stay as they are and follow each other without a blank are one copy: most of a line is.
/// </summary>
internal ref struct MemberCopy
{
    private readonly EventBuffer to;
    private readonly ReadOnlySpan<byte> line;
    private readonly Span<byte> room;
    private int length;
    private int runStart, runEnd;

    /// <param name="to">It has what was copied when <see cref="End"/> is called; before that nothing else may be added.</param>
    /// <param name="line">Its members are given in their order.</param>
    public MemberCopy(EventBuffer to, ReadOnlySpan<byte> line)
    {
        this.to = to;
        this.line = line;
        // No name that a member gets here makes it longer than twice what it was: "pid":0, is "process.pid":0, at most.
        room = to.Free((2 * line.Length) + 8);
    }

    /// <summary>As it is, without the blanks between its parts.</summary>
    public void Keep(in JsonMember member)
    {
        if (!member.IsDense)
        {
            CopyRun();
            Copy("\""u8);
            CopyNamed(member);
            return;
        }

        if (runEnd == 0 || member.Name != runEnd + 2)
        {
            CopyRun();
            runStart = member.Name - 1;
        }

        runEnd = member.End;
    }

    /// <summary>Under its name with <c>line.</c> before it.</summary>
    public void PutAside(in JsonMember member)
    {
        CopyRun();
        Copy("\"line."u8);
        CopyNamed(member);
    }

    /// <param name="member">Its value is kept.</param>
    /// <param name="name">As JSON writes it, with quotes and colon.</param>
    public void Rename(in JsonMember member, ReadOnlySpan<byte> name)
    {
        CopyRun();
        Copy(name);
        CopyValue(member);
    }

    public void End()
    {
        CopyRun();
        to.Take(length);
    }

    private void CopyNamed(in JsonMember member)
    {
        Copy(line[member.Name..member.NameEnd]);
        Copy("\":"u8);
        CopyValue(member);
    }

    private void CopyValue(in JsonMember member)
    {
        Copy(line[member.Value..member.End]);
        room[length++] = (byte)',';
    }

    private void CopyRun()
    {
        if (runEnd == 0) return;
        Copy(line[runStart..runEnd]);
        room[length++] = (byte)',';
        runEnd = 0;
    }

    private void Copy(ReadOnlySpan<byte> part)
    {
        part.CopyTo(room[length..]);
        length += part.Length;
    }
}
