using Holdfast.Core.Problems;
using Holdfast.Core.Services.Guide;

namespace Holdfast.Core.Tests.Services;

public sealed class SpecGuideTests
{
    [Fact]
    public void A_key_is_explained_with_its_type_default_and_example()
    {
        Assert.Equal(
            """
            service.restart.attempts

              At most so many automatic restarts within `window`; at the next exit the instance is failed. 0:
              none at all.

              type     whole number, 0 to 1000
              default  3
              example  attempts: 5

            """,
            SpecGuide.Explain("service.restart.attempts").Value);
    }

    [Theory]
    [InlineData("service", "restart")]
    [InlineData("service.restart", "resetAfter")]
    [InlineData("restart", "resetAfter")]
    [InlineData("service.restart.policy", "on-failure")]
    [InlineData("service.after.wait", "started")]
    [InlineData("service.ports.http", "auto")]
    [InlineData("service.secrets.DB.file", "absolute")]
    [InlineData("service.environment.A.B", "text")]
    [InlineData("service.access.team-orders", "execute")]
    [InlineData("install", "writable")]
    [InlineData("install.start", "manual")]
    public void Any_key_is_explained(string path, string says) =>
        Assert.Contains(says, SpecGuide.Explain(path).Value, StringComparison.Ordinal);

    [Fact]
    public void Every_path_is_explained() => Assert.All(SpecGuide.Paths, path => Assert.StartsWith(path + "\n", SpecGuide.Explain(path).Value, StringComparison.Ordinal));

    [Theory]
    [InlineData("service.restrat", "service.restart")]
    [InlineData("service.restart.atempts", "service.restart.attempts")]
    [InlineData("resources", "service.limits")]
    [InlineData("memory", "service.limits.memory")]
    [InlineData("install.writeable", "install.writable")]
    [InlineData("install.nothing-like-it", "holdfast explain install")]
    public void A_key_that_is_not_known_gets_a_suggestion(string path, string meant)
    {
        var problem = Assert.Single(SpecGuide.Explain(path).Problems);
        Assert.Equal(ProblemKind.NotFound, problem.Kind);
        Assert.Contains($"`{meant}`", problem.Mend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("service.")]
    [InlineData("service..restart")]
    [InlineData("service.restart.")]
    [InlineData("service.ports.")]
    [InlineData("install.")]
    [InlineData("install..start")]
    public void What_is_no_path_is_not_found(string path) => Assert.False(SpecGuide.Explain(path).IsOk);
}
