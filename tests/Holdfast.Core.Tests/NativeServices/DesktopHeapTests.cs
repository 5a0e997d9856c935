using Holdfast.Core.NativeServices;

namespace Holdfast.Core.Tests.NativeServices;

public sealed class DesktopHeapTests
{
    private const string Server = @"%SystemRoot%\system32\csrss.exe ObjectDirectory=\Windows SharedSection=1024,20480,768 Windows=On SubSystemType=Windows ServerDll=basesrv,1 ServerDll=winsrv:UserServerDllInitialization,3 ProfileControl=Off MaxRequestThreads=16";

    [Theory]
    [InlineData(Server, 768)]
    [InlineData("csrss.exe SharedSection=1024,20480,20480 Windows=On", 20480)]
    [InlineData("csrss.exe sharedsection=1024,3072 Windows=On", 3072)]
    [InlineData("csrss.exe SharedSection=1024 Windows=On", null)]
    [InlineData("csrss.exe SharedSection=1024,20480,99999999999 Windows=On", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void The_third_number_is_that_of_services(string? subsystem, int? kilobytes) => Assert.Equal(kilobytes, DesktopHeap.KilobytesOf(subsystem));

    /// <summary>winsw#803: about 110 services are started, and no more.</summary>
    [Fact]
    public void The_110th_service_under_LocalSystem_does_not_fit()
    {
        var full = DesktopHeap.SharedBy("LocalSystem", Enumerable.Repeat("LocalSystem", 109), 768)!;
        Assert.Equal((109, 0), (full.Fits, full.Left));
        Assert.Null(full.Problem);

        var problem = full.With(1).Problem!;
        Assert.Equal("service.desktop-heap", problem.Rule);
        Assert.Contains("110 services under LocalSystem", problem.What, StringComparison.Ordinal);
        Assert.Contains("by estimate", problem.Why, StringComparison.Ordinal);
        Assert.Contains("SharedSection", problem.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_those_of_the_same_account_are_on_its_desktop()
    {
        string[] accounts = ["LocalSystem", @"NT AUTHORITY\SYSTEM", "LocalService", @"NT SERVICE\payments", @"BANK\svc$"];
        Assert.Equal(2, DesktopHeap.SharedBy("LocalSystem", accounts, 768)!.Services);
        Assert.Equal(1, DesktopHeap.SharedBy(@"NT AUTHORITY\LocalService", accounts, 768)!.Services);
        Assert.Equal(0, DesktopHeap.SharedBy("NetworkService", accounts, 768)!.Services);
    }

    [Theory]
    [InlineData(@"NT SERVICE\payments")]
    [InlineData(@"BANK\svc$")]
    [InlineData("operator")]
    public void Any_other_account_has_a_desktop_for_each_service(string account) => Assert.Null(DesktopHeap.SharedBy(account, [account, account], 768));
}
