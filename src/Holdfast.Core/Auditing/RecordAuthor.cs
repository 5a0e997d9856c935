using System.Globalization;

namespace Holdfast.Core.Auditing;

/// <summary>The instance that a business record is from, as the node knows it: nothing of it is the caller's word.</summary>
/// <param name="Service">Its service's name.</param>
/// <param name="Instance">Its own.</param>
/// <param name="Release">The number of the release that it runs.</param>
/// <param name="Package">That release's digest.</param>
/// <param name="Epoch">In which it acts; null: it is not led.</param>
public sealed record RecordAuthor(string Service, string Instance, int Release, string Package, long? Epoch)
{
    public const string ServiceDetail = "service";
    public const string InstanceDetail = "instance";
    public const string ReleaseDetail = "release";
    public const string PackageDetail = "package";
    public const string EpochDetail = "epoch";

    /// <summary>As the record has it: <c>service payments (payments-0)</c>. No account is named so.</summary>
    public string Actor => $"service {Service} ({Instance})";

    /// <summary>What an entry says of it.</summary>
    public IReadOnlyDictionary<string, string> Details
    {
        get
        {
            var details = new Dictionary<string, string>
            {
                [ServiceDetail] = Service,
                [InstanceDetail] = Instance,
                [ReleaseDetail] = Release.ToString(CultureInfo.InvariantCulture),
                [PackageDetail] = Package,
            };
            if (Epoch is { } epoch) details[EpochDetail] = epoch.ToString(CultureInfo.InvariantCulture);
            return details;
        }
    }
}
