using Holdfast.Core.Leadership;
using Holdfast.Node.Clusters;
using Holdfast.Packaging.Tests.Kit;
using Holdfast.Platform;

namespace Holdfast.Node.Tests.Clusters;

public sealed class PromiseBookTests : IDisposable
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    private readonly TempFolder root = new();

    private Home Home => new(root["home"]);

    public void Dispose() => root.Dispose();

    [Fact]
    public void Law04_what_was_promised_is_kept_by_the_next_agent_and_after_a_boot_for_its_whole_length_again()
    {
        Directory.CreateDirectory(Home.Path);
        var book = PromiseBook.Open(Home, At(100), "boot-1");
        Assert.Null(book.Find("payments"));
        book.Keep("payments", new Promise(4, At(115)), Length, At(105));
        Assert.True(book.Write("boot-1").IsOk);

        Assert.Equal(new Promise(4, At(115)), PromiseBook.Open(Home, At(110), "boot-1").Find("payments"));
        Assert.Equal(new Promise(4, At(12)), PromiseBook.Open(Home, At(2), "boot-2").Find("payments"));
        Assert.Null(PromiseBook.Open(Home, At(110), "boot-1").Find("orders"));
    }

    [Fact]
    public void What_is_over_is_forgotten_when_something_else_is_promised()
    {
        Directory.CreateDirectory(Home.Path);
        var book = PromiseBook.Open(Home, At(100), "boot-1");
        book.Keep("payments", new Promise(4, At(110)), Length, At(100));
        book.Keep("orders", new Promise(7, At(130)), Length, At(120));
        Assert.Null(book.Find("payments"));
        Assert.Equal(new Promise(7, At(130)), book.Find("orders"));
    }

    [Fact]
    public void Law04_who_cannot_read_what_it_promised_leads_nothing_new_for_the_longest_promise_there_is()
    {
        Directory.CreateDirectory(Home.Path);
        File.WriteAllText(Path.Combine(Home.Path, "promises.json"), "{");
        var book = PromiseBook.Open(Home, At(100), "boot-1");
        Assert.NotNull(book.Trouble);
        Assert.Equal(new Promise(0, At(100) + LeaseTerms.Longest), book.Find("payments"));
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
