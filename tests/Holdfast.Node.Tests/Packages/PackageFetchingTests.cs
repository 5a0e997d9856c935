using System.Collections.Concurrent;
using System.Runtime.Versioning;
using Google.Protobuf;
using Holdfast.Core.Auditing;
using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;
using Holdfast.Node.Packages;
using Holdfast.Packaging.Signing;
using Holdfast.Packaging.Tests.Kit;
using Holdfast.Platform;
using Holdfast.Rpc;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.Server;
using Holdfast.Rpc.Tls;
using Holdfast.Rpc.V1;
using Holdfast.Telemetry.Auditing;
using Holdfast.Testing;
using static Holdfast.Rpc.V1.Packages;

namespace Holdfast.Node.Tests.Packages;

/// <summary>Packages from node to node, over real connections in mutual TLS.</summary>
[SupportedOSPlatform("linux")]
public sealed class PackageFetchingTests : IAsyncLifetime
{
    private const int Part = 100_000;

    private readonly TempFolder root = new();
    private readonly TempFolder source;
    private readonly string package;
    private readonly TestAuthority signers = new();
    private readonly CertificateAuthority authority;
    private PackagePeer first = null!, second = null!, third = null!;
    private string digest = "";

    public PackageFetchingTests()
    {
        source = SampleService.Folder();
        var ballast = new byte[400_000];
        new Random(7).NextBytes(ballast);
        source.Write("lib/ballast", ballast);
        package = Pack("orders.hfpkg");
        Sign(package);
        authority = new(new Home(root["authority"]), TimeProvider.System);
    }

    public async Task InitializeAsync()
    {
        Ok(await authority.InitAsync("authority", ["localhost"], default));
        first = await PackagePeer.CreateAsync(authority, signers, "node-1");
        second = await PackagePeer.CreateAsync(authority, signers, "node-2");
        third = await PackagePeer.CreateAsync(authority, signers, "node-3");
        digest = Ok(await first.Store.AdmitAsync(package, signers.Policy(), default)).Digest;
        Ok(await second.Store.AdmitAsync(package, signers.Policy(), default));
    }

    public async Task DisposeAsync()
    {
        foreach (var peer in new[] { first, second, third }) await peer.DisposeAsync();
        root.Dispose();
        source.Dispose();
        signers.Dispose();
    }

    [Fact]
    public async Task Law01_a_fetched_package_is_admitted_as_a_pushed_one_and_recorded()
    {
        await first.ListenAsync();

        var fetched = Ok(await third.Fetching.FetchAsync(digest, [first.Address], default));

        Assert.Equal((digest, "orders", "1.2.3", false), (fetched.Digest, fetched.Service, fetched.Version, fetched.Known));
        Ok(third.Store.Check(digest));
        Assert.Equal("CN=Release One", fetched.Record.Signers.Single().Subject);
        Assert.Empty(Directory.EnumerateFileSystemEntries(third.Home.Incoming));
        Assert.Equal([AuditOutcome.Intended, AuditOutcome.Done], Recorded());
        // It is here now: nobody is asked.
        Assert.True(Ok(await third.Fetching.FetchAsync(digest, [], default)).Known);
    }

    [Fact]
    public async Task What_a_node_gives_is_byte_for_byte_what_was_pushed_from_whatever_place()
    {
        using (var other = signers.Issue("CN=Release Two").Identity) Ok(PackageSigner.Sign(package, other, TestAuthority.Now));
        var pushed = await File.ReadAllBytesAsync(package);
        Ok(await third.Store.AdmitAsync(package, signers.Policy(), default));
        var archive = Ok(PackageGiving.Open(third.Store, digest));

        Assert.Equal(pushed.Length, archive.Length);
        foreach (var from in new[] { 0, 1, 29, 30, 31, 110, 111, 5_000, 399_999, pushed.Length - 23, pushed.Length - 22, pushed.Length - 1, pushed.Length })
        {
            using var stream = archive.Open(from);
            var given = new MemoryStream();
            await stream.CopyToAsync(given);
            Assert.True(pushed.AsSpan(from).SequenceEqual(given.ToArray()), $"from byte {from}");
        }
    }

    [Fact]
    public async Task A_transfer_whose_peer_died_midway_goes_on_at_its_place_with_the_next()
    {
        var dying = new Stopping(first.Store);
        await first.ListenAsync(dying);
        var living = new Watched(second.Api);
        await second.ListenAsync(living);

        var fetching = third.Fetching.FetchAsync(digest, [first.Address, second.Address], default);
        await Eventually.SeeAsync("what the first one gave", () => Directory.EnumerateFiles(third.Home.Incoming).Select(file => new FileInfo(file).Length).FirstOrDefault() == Part);
        await first.DieAsync();

        Assert.Equal(digest, Ok(await fetching).Digest);
        Assert.Equal([(long)Part], living.Offsets);
        Ok(third.Store.Check(digest));
    }

    [Fact]
    public async Task What_came_in_part_is_gone_on_with_by_the_next_agent_too()
    {
        await first.ListenAsync(new Stopping(first.Store));
        using (var stop = new CancellationTokenSource())
        {
            var cut = third.Fetching.FetchAsync(digest, [first.Address], stop.Token);
            await Eventually.SeeAsync("what the first one gave", () => Directory.EnumerateFiles(third.Home.Incoming).Select(file => new FileInfo(file).Length).FirstOrDefault() == Part);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cut);
        }

        Ok(third.Store.SweepIncoming());
        var living = new Watched(second.Api);
        await second.ListenAsync(living);
        Ok(await third.Fetching.FetchAsync(digest, [second.Address], default));
        Assert.Equal([(long)Part], living.Offsets);
    }

    [Fact]
    public async Task Law01_a_peer_that_gives_other_bytes_is_refused_by_name_and_nothing_of_it_stays()
    {
        await first.ListenAsync(new Lying(File.ReadAllBytes(package), Archive(), at: 300_000));

        var refused = Law.Refused(await third.Fetching.FetchAsync(digest, [first.Address], default), "package.refused");

        Assert.Contains("node-1", refused.What, StringComparison.Ordinal);
        AssertNothingStays();
        Assert.Equal([AuditOutcome.Intended, AuditOutcome.Refused], Recorded());
    }

    [Fact]
    public async Task Law01_a_peer_that_gives_another_good_package_is_refused_and_the_package_not_admitted()
    {
        source.Write("bin/orders", "#!/bin/sh\nexec sleep 2000\n");
        var other = Pack("other.hfpkg");
        Sign(other);
        await first.ListenAsync(new Lying(File.ReadAllBytes(other), Archive(), at: null));

        Law.Refused(await third.Fetching.FetchAsync(digest, [first.Address], default), "package.other");
        AssertNothingStays();
    }

    [Fact]
    public async Task A_lie_of_one_peer_does_not_keep_the_package_of_the_next_away()
    {
        // The liar dies halfway, under the name of the right archive: the honest one goes on with its bytes at first.
        await first.ListenAsync(new Lying(File.ReadAllBytes(package), Archive(), at: 50_000, until: Part));
        var honest = new Watched(second.Api);
        await second.ListenAsync(honest);

        Ok(await third.Fetching.FetchAsync(digest, [first.Address, second.Address], default));

        Assert.Equal([Part, 0L], honest.Offsets);
        Ok(third.Store.Check(digest));
    }

    [Fact]
    public async Task Law01_what_this_nodes_policy_does_not_trust_is_refused_and_asked_of_nobody_twice()
    {
        using TestAuthority others = new("CN=Others");
        third.Trust(others);
        await first.ListenAsync();
        await second.ListenAsync();

        var outcome = await third.Fetching.FetchAsync(digest, [first.Address, second.Address], default);

        // The second one has the same bytes and says so before it gives them: they are judged once.
        Assert.Single(outcome.Problems, problem => problem.Rule == "package.refused");
        Assert.Contains(outcome.Problems, problem => problem.Rule.StartsWith("trust.", StringComparison.Ordinal));
        AssertNothingStays();
    }

    [Fact]
    public async Task A_package_that_no_peer_has_is_nowhere_and_each_peer_is_named_with_its_reason()
    {
        await first.ListenAsync();
        await second.ListenAsync();
        var gone = second.Address;
        await second.DieAsync();

        var unknown = PackageDigest.Of("nothing"u8);
        var nowhere = Law.Refused(await third.Fetching.FetchAsync(unknown, [first.Address, gone], default), "package.nowhere");

        Assert.Equal(ProblemKind.Unavailable, nowhere.Kind);
        Assert.Contains($"node-1 ({first.Address.Address}): the package {unknown} is not on this node", nowhere.Why, StringComparison.Ordinal);
        Assert.Contains("node-2 (", nowhere.Why, StringComparison.Ordinal);
        Assert.Equal(ProblemKind.NotFound, Law.Refused(await third.Fetching.FetchAsync(unknown, [first.Address], default), "package.nowhere").Kind);
        Law.Refused(await third.Fetching.FetchAsync("sha256:../../x", [first.Address], default), "package.digest-form");
    }

    [Fact]
    public async Task Two_fetches_of_one_package_at_once_are_one()
    {
        var watched = new Watched(first.Api);
        await first.ListenAsync(watched);

        var both = await Task.WhenAll(third.Fetching.FetchAsync(digest, [first.Address], default), third.Fetching.FetchAsync(digest, [first.Address], default));

        Assert.Equal([false, true], both.Select(one => Ok(one).Known).Order());
        Assert.Single(watched.Offsets);
    }

    [Fact]
    public async Task A_node_may_fetch_and_nothing_else_and_a_changed_file_is_given_to_nobody()
    {
        await first.ListenAsync();
        using var channel = new RpcChannel(RpcTransport.Tls(new Uri($"https://{first.Address.Address}"), () => third.Identity), TimeProvider.System);
        var refused = await Assert.ThrowsAsync<RpcException>(() => new PackagesClient(channel).GetPushAsync(new() { Digest = digest }, new(TimeSpan.FromSeconds(60), default)));
        Assert.Equal(StatusCode.PermissionDenied, refused.Status.Code);

        var file = Path.Combine(Ok(first.Store.Find(digest)).FilesFolder, "bin/orders");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var nowhere = Law.Refused(await third.Fetching.FetchAsync(digest, [first.Address], default), "package.nowhere");
        Assert.Contains("bin/orders", nowhere.Why, StringComparison.Ordinal);
    }

    private string Archive() => Ok(PackageGiving.Open(second.Store, digest)).Id;

    private void AssertNothingStays()
    {
        Assert.Empty(Directory.EnumerateFileSystemEntries(third.Home.Incoming));
        Assert.Empty(third.Store.List());
    }

    private IEnumerable<AuditOutcome> Recorded() => AuditReader.Read(third.Home.Audit, new()).Where(entry => entry.Action == "fetch").Select(entry => entry.Outcome);

    private string Pack(string name)
    {
        SampleService.Pack(source.Path, source[name]);
        return source[name];
    }

    private void Sign(string file)
    {
        using var identity = signers.Issue().Identity;
        Ok(PackageSigner.Sign(file, identity, TestAuthority.Now));
    }

    private static T Ok<T>(Outcome<T> outcome) => outcome.TryGet(out var value) ? value : throw new Xunit.Sdk.XunitException(string.Join("; ", outcome.Problems));

    /// <summary>Gives a part and then nothing more, until its process dies.</summary>
    private sealed class Stopping(PackageStore store) : PackagesBase
    {
        public override async Task Fetch(FetchRequest request, IServerStreamWriter<FetchPart> responses, ServerCallContext context)
        {
            var archive = Ok(PackageGiving.Open(store, request.PackageDigest));
            await responses.WriteAsync(new() { Archive = archive.Id, Bytes = archive.Length }, context.Cancel);
            var bytes = new byte[Part];
            using (var stream = archive.Open(0)) stream.ReadExactly(bytes);
            await responses.WriteAsync(new() { Chunk = ByteString.CopyFrom(bytes) }, context.Cancel);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.Cancel);
        }
    }

    /// <summary>The real API, and where it was asked to go on.</summary>
    private sealed class Watched(PackagesBase real) : PackagesBase
    {
        public ConcurrentQueue<long> Offsets { get; } = [];

        public override Task Fetch(FetchRequest request, IServerStreamWriter<FetchPart> responses, ServerCallContext context)
        {
            Offsets.Enqueue(request.Offset);
            return real.Fetch(request, responses, context);
        }
    }

    /// <summary>Gives these bytes under the name of that archive, one of them changed, and may die on the way.</summary>
    private sealed class Lying(byte[] bytes, string archive, int? at, int? until = null) : PackagesBase
    {
        public override async Task Fetch(FetchRequest request, IServerStreamWriter<FetchPart> responses, ServerCallContext context)
        {
            var given = bytes.ToArray();
            if (at is { } place) given[place] ^= 1;
            await responses.WriteAsync(new() { Archive = archive, Bytes = given.Length, Offset = 0 }, context.Cancel);
            await responses.WriteAsync(new() { Chunk = ByteString.CopyFrom(given, 0, until ?? given.Length) }, context.Cancel);
            if (until is not null) throw new RpcException(StatusCode.Unavailable, "it dies");
        }
    }
}
