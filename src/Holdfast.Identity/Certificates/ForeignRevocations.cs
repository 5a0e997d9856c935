using Holdfast.Core.Problems;
using Holdfast.Platform;

namespace Holdfast.Identity.Certificates;

/// <summary>What a node whose authority is elsewhere knows of revoked certificates: a register of nothing else, in the place where an authority has its own. What it once knew it keeps.</summary>
public sealed class ForeignRevocations(Home home, TimeProvider time)
{
    private readonly PkiFiles files = new(home);

    /// <summary>Those of them that are not known here yet.</summary>
    public Outcome<IReadOnlyList<IssuedCertificate>> Unknown(IReadOnlyList<IssuedCertificate> revoked) =>
        Read().Then(register => Outcome.Of<IReadOnlyList<IssuedCertificate>>([.. revoked.Where(one => register.Revoked(one.Serial) is null)]));

    /// <summary>They are not taken here from now on. In a home that has an authority nothing is written: its register is its own.</summary>
    public Task<Outcome<Done>> AddAsync(IReadOnlyList<IssuedCertificate> revoked, CancellationToken cancel) => PkiFolder.LockedAsync(
        home, time,
        () => File.Exists(files.AuthorityCertificate)
            ? Outcome.Done
            : Read().Then(register => PkiFolder.Write(files.Register, revoked.Where(one => register.Revoked(one.Serial) is null).Aggregate(register, (all, one) => all.With(one)).Text())),
        cancel);

    private Outcome<CertificateRegister> Read()
    {
        try
        {
            return File.Exists(files.Register) ? CertificateRegister.Parse(File.ReadAllText(files.Register), files.Register) : CertificateRegister.Empty;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Problem(ProblemKind.Damaged, "certs.register", $"{files.Register} cannot be read.") { Why = e.Message, Mend = "move it away: what is revoked is read from the cluster again" };
        }
    }
}
