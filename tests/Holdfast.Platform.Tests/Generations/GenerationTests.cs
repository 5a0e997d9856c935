using System.Text;
using Holdfast.Platform.Linux.Generations;

namespace Holdfast.Platform.Tests.Generations;

/// <summary>How a virtual machine learns that it is another one.</summary>
public sealed class GenerationTests
{
    [Theory]
    [InlineData("change@/devices/platform/VMGENCTR:00|ACTION=change|DEVPATH=/devices/platform/VMGENCTR:00|SUBSYSTEM=platform|NEW_VMGENID=1|SEQNUM=4711|", true)]
    [InlineData("change@/devices/LNXSYSTM:00/VMGENCTR:00|NEW_VMGENID=1", true)]
    [InlineData("change@/devices/platform/VMGENCTR:00|ACTION=change|SUBSYSTEM=platform|SEQNUM=4711|", false)]
    [InlineData("add@/devices/platform/VMGENCTR:00|NEW_VMGENID=1|", false)]
    [InlineData("change@/devices/virtual/net/NEW_VMGENID=1|ACTION=change|INTERFACE=xNEW_VMGENID=1|NAME=NEW_VMGENID=10|", false)]
    [InlineData("libudev|change@|NEW_VMGENID=1|", false)]
    [InlineData("change@", false)]
    [InlineData("|||", false)]
    [InlineData("", false)]
    public void What_the_kernel_says_is_read_word_by_word(string words, bool isNew) =>
        Assert.Equal(isNew, KernelEvent.IsNewGeneration(Encoding.ASCII.GetBytes(words.Replace('|', '\0'))));

    [Fact]
    public async Task Events_of_the_kernel_arrive_and_others_of_them_change_nothing()
    {
        using var generation = KernelGeneration.Listen();
        Assert.NotNull(generation);
        var before = generation.Now;
        // The kernel says again what is there: an event as any other.
        await File.WriteAllTextAsync("/sys/class/net/lo/uevent", "change");
        await Eventually(() => generation.Now == before && generation.Heard > 0);
        Assert.Equal(before, generation.Now);
    }

    [Fact]
    public void Somebody_watches_or_says_that_nothing_is_told()
    {
        using var generation = VirtualMachineGeneration.Watch();
        Assert.Equal(generation.Source.Length > 0, generation.Now is not null);
    }

    private static async Task Eventually(Func<bool> condition)
    {
        for (var i = 0; i < 500 && !condition(); i++) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        Assert.True(condition());
    }
}
