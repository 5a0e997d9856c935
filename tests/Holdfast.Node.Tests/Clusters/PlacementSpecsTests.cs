using Holdfast.Core.Services;
using Holdfast.Node.Clusters;

namespace Holdfast.Node.Tests.Clusters;

/// <summary>When two placements mean the same.</summary>
public sealed class PlacementSpecsTests
{
    [Fact]
    public void What_was_found_the_same_is_the_same_again_and_no_other_is()
    {
        PlacementSpec one = new() { Preferred = ["node-1"], Labels = new Dictionary<string, string> { ["zone"] = "a" } };
        PlacementSpec other = new() { Preferred = ["node-1"], Labels = new Dictionary<string, string> { ["zone"] = "a" } };
        PlacementSpec third = other with { Preferred = ["node-2"] };
        for (var again = 0; again < 2; again++)
        {
            Assert.True(PlacementSpecs.Same(one, other));
            Assert.False(PlacementSpecs.Same(one, third));
            Assert.False(PlacementSpecs.Same(third, other));
            Assert.True(PlacementSpecs.Same(one, other with { }));
        }
    }
}
