using Holdfast.Core.Shipping;
using Holdfast.Telemetry.Shipping;

namespace Holdfast.Telemetry.Tests.Shipping;

public sealed class CursorFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("holdfast-cursor-").FullName;

    private string File => Path.Combine(folder, "payments-0.cursor");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void What_was_written_last_is_read()
    {
        using (var cursor = CursorFile.Open(File))
        {
            Assert.Null(cursor.Position);
            for (var next = 1; next <= 5; next++) cursor.Write(At(next), isLasting: next == 5);
        }

        using var again = CursorFile.Open(File);
        Assert.Equal(At(5), again.Position);
    }

    /// <summary>beats#3537, vector#20753: an empty or half-written registry after a power failure.</summary>
    [Fact]
    public void Beats3537_a_write_that_a_crash_has_torn_anywhere_is_one_that_was_not_made()
    {
        using (var cursor = CursorFile.Open(File))
        {
            cursor.Write(At(7), isLasting: true);
            cursor.Write(At(8), isLasting: true);
        }

        var before = System.IO.File.ReadAllBytes(File);
        using (var cursor = CursorFile.Open(File)) cursor.Write(At(9), isLasting: true);
        var after = System.IO.File.ReadAllBytes(File);
        for (var torn = 0; torn <= after.Length; torn++)
        {
            System.IO.File.WriteAllBytes(File, [.. after[..torn], .. before[torn..]]);
            using var cursor = CursorFile.Open(File);
            Assert.Contains(cursor.Position!.Value.Count.Next, new long[] { 8, 9 });
            Assert.False(cursor.IsDamaged);
        }
    }

    [Fact]
    public void A_file_of_which_nothing_can_be_read_is_told_and_one_that_was_never_written_is_new()
    {
        System.IO.File.WriteAllText(File, "this is no cursor");
        using (var damaged = CursorFile.Open(File)) Assert.Equal((null, true), (damaged.Position, damaged.IsDamaged));
        System.IO.File.WriteAllBytes(File, new byte[256]);
        using var empty = CursorFile.Open(File);
        Assert.Equal((null, false), (empty.Position, empty.IsDamaged));
    }

    private static StreamPosition At(long next) => new(Guid.Parse("01234567-89ab-cdef-0123-456789abcdef"), new StreamCount(1, next, next - 1, 0, 0));
}
