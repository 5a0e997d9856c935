using System.Text;
using Holdfast.Supervisor.State;

namespace Holdfast.Supervisor.Tests.Running;

public sealed class MemoryTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hf-memory-").FullName;

    private string FilePath => Path.Combine(folder, "svc-0.memory");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void What_was_written_last_is_what_the_next_one_reads()
    {
        Assert.Null(Read());
        foreach (var text in new[] { "one", "two, which is longer", "3" })
        {
            Write(text);
            Assert.Equal(text, Read());
        }
    }

    [Fact]
    public void Law11_a_write_that_was_torn_anywhere_leaves_the_one_before_it()
    {
        Write("before");
        var whole = File.ReadAllBytes(FilePath);
        Write("the one that is torn");
        var after = File.ReadAllBytes(FilePath);
        var changed = Enumerable.Range(0, after.Length).Where(i => i >= whole.Length || whole[i] != after[i]).ToList();

        foreach (var end in changed)
        {
            // Everything up to here was written, the rest was not.
            var torn = after.ToArray();
            foreach (var at in changed.Where(at => at >= end)) torn[at] = at < whole.Length ? whole[at] : (byte)0;
            File.WriteAllBytes(FilePath, torn);
            Assert.Equal("before", Read());
        }

        File.WriteAllBytes(FilePath, after);
        Assert.Equal("the one that is torn", Read());
    }

    [Fact]
    public void What_is_no_memory_at_all_is_none_and_can_be_written()
    {
        File.WriteAllText(FilePath, new string('x', 3 << 20));
        Assert.Null(Read());
        Write("anew");
        Assert.Equal("anew", Read());
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_harms_nothing()
    {
        using (var file = new MemoryFile(FilePath))
        {
            file.Write("before"u8);
            Assert.Throws<IOException>(() => file.Write(new byte[2 << 20]));
        }

        Assert.Equal("before", Read());
    }

    private void Write(string text)
    {
        using var file = new MemoryFile(FilePath);
        file.Write(Encoding.UTF8.GetBytes(text));
    }

    private string? Read()
    {
        using var file = new MemoryFile(FilePath);
        return file.Content is { } content ? Encoding.UTF8.GetString(content) : null;
    }
}
