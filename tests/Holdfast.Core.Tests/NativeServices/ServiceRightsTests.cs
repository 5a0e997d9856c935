using Holdfast.Core.NativeServices;

namespace Holdfast.Core.Tests.NativeServices;

/// <summary>A service's own access list, as text and as the bytes of winnt.h.</summary>
public sealed class ServiceRightsTests
{
    private const string Team = "S-1-5-21-1004336348-1177238915-682003330-1001";

    [Fact]
    public void Administrators_have_all_people_see_its_state_and_a_named_group_starts_and_stops_it()
    {
        Assert.Equal("D:(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;SY)(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;BA)(A;;LC;;;IU)(A;;LC;;;SU)", ServiceRights.For(null, []).ToString());
        Assert.EndsWith($"(A;;LC;;;SU)(A;;CCLCRC;;;LS)(A;;CCLCSWRPWPDTLORC;;;{Team})", ServiceRights.For("S-1-5-19", [Team, Team]).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_but_the_system_and_administrators_changes_what_a_service_runs()
    {
        const ServiceRight changes = ServiceRight.ChangeConfig | ServiceRight.Delete | ServiceRight.WriteList | ServiceRight.WriteOwner;
        Assert.All(ServiceRights.For("S-1-5-19", [Team]).Entries.Skip(2), entry => Assert.Equal(ServiceRight.None, entry.Rights & changes));
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        var rights = new ServiceRights([.. ServiceRights.For("S-1-5-80-1-2-3-4-4294967295", [Team]).Entries, new("S-1-1-0", ServiceRight.Stop, Denies: true)]);
        Assert.Equal(rights.Entries, ServiceDescriptor.Read(ServiceDescriptor.Of(rights))!.Entries);
    }

    /// <summary>As RtlCopySecurityDescriptor would have it: header, list, one entry for LocalSystem.</summary>
    [Fact]
    public void Its_bytes_are_those_of_winnt_h() => Assert.Equal(
        "010004800000000000000000000000001400000002001C000100000000001400FF010F00010100000000000512000000",
        Convert.ToHexString(ServiceDescriptor.Of(new([new("S-1-5-18", ServiceRight.All)]))));

    [Fact]
    public void Law08_no_bytes_break_the_reader()
    {
        var whole = ServiceDescriptor.Of(ServiceRights.For(null, [Team]));
        for (var length = 0; length < whole.Length; length++) Assert.Null(ServiceDescriptor.Read(whole.AsSpan(0, length)));
        var random = new Random(7);
        for (var i = 0; i < 2000; i++)
        {
            var broken = (byte[])whole.Clone();
            broken[random.Next(broken.Length)] = (byte)random.Next(256);
            _ = ServiceDescriptor.Read(broken);
        }
    }

    [Fact]
    public void A_descriptor_without_a_list_tells_nothing_and_one_with_an_empty_pointer_gives_all_to_everybody()
    {
        Assert.Null(ServiceDescriptor.Read([1, 0, 0, 0x80, .. new byte[16]]));
        byte[] empty = [1, 0, 0x04, 0x80, .. new byte[12], 20, 0, 0, 0, 2, 0, 8, 0, 0, 0, 0, 0];
        Assert.Equal("D:", ServiceDescriptor.Read(empty)!.ToString());
        empty[2] |= 0x08;
        Assert.Null(ServiceDescriptor.Read(empty));
        Assert.Equal("D:(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;WD)", ServiceDescriptor.Read([1, 0, 4, 0x80, .. new byte[16]])!.ToString());
    }

    [Fact]
    public void The_same_rights_in_another_order_are_no_difference()
    {
        var one = ServiceRights.For(null, [Team]);
        Assert.True(one.IsSame(new([.. one.Entries.Reverse().SelectMany(entry => new[] { entry with { Rights = entry.Rights & ServiceRight.QueryStatus }, entry })])));
        Assert.False(one.IsSame(ServiceRights.For(null, [])));
        Assert.Contains("(A;;0x100004;;;AU)", new ServiceRights([new("S-1-5-11", ServiceRight.QueryStatus | (ServiceRight)0x100000)]).ToString(), StringComparison.Ordinal);
    }
}
