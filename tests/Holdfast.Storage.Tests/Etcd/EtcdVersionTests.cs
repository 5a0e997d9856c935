using Holdfast.Storage.Etcd;

namespace Holdfast.Storage.Tests.Etcd;

public sealed class EtcdVersionTests
{
    [Theory]
    [InlineData("3.3.27", "older than 3.4")]
    [InlineData("2.3.8", "older than 3.4")]
    [InlineData("3.5.0", "lose data")]
    [InlineData("3.5.2", "lose data")]
    [InlineData("latest", "nobody knows")]
    [InlineData("", "nobody knows")]
    public void Versions_that_are_not_used_say_why(string version, string why) =>
        Assert.Contains(why, EtcdVersions.Judge(version).Refused);

    [Theory]
    [InlineData("3.4.23", "end of life", "15247", "20615", "20418", "GHSA")]
    [InlineData("3.5.3", "15247", "20615", "20418", "GHSA")]
    [InlineData("3.5.13", "20615", "20418", "GHSA")]
    [InlineData("3.5.23", "20418", "GHSA")]
    [InlineData("3.5.28", "GHSA")]
    [InlineData("3.5.33")]
    [InlineData("3.6.0-rc.1", "20615", "20418", "GHSA")]
    [InlineData("3.6.5", "20418", "GHSA")]
    [InlineData("3.6.14")]
    [InlineData("3.7.1")]
    public void Versions_that_are_used_say_which_faults_they_have(string version, params string[] faults)
    {
        var judged = EtcdVersions.Judge(version);
        Assert.Null(judged.Refused);
        Assert.Equal(faults.Length, judged.Warnings.Count);
        Assert.All(faults.Zip(judged.Warnings), pair => Assert.Contains(pair.First, pair.Second));
    }

    [Theory]
    [InlineData("3.5.7", false)]
    [InlineData("3.5.8", true)]
    [InlineData("3.6.0+git", true)]
    [InlineData("what", false)]
    public void A_watchs_progress_is_believed_since_3_5_8(string version, bool believed) => Assert.Equal(believed, EtcdVersions.ProgressIsTrue(version));
}
