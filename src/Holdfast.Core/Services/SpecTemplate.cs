using Holdfast.Core.Problems;
using Holdfast.Core.Services.Fields;

namespace Holdfast.Core.Services;

/// <summary>What a new service begins with.</summary>
public static class SpecTemplate
{
    /// <summary>The files of a new service: relative path → content. They validate as they are.</summary>
    /// <param name="name">The service's name.</param>
    /// <returns>The files, or what is wrong with the name.</returns>
    public static Outcome<IReadOnlyDictionary<string, string>> For(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (Names.Service.Check(name) is { } fault)
            return new Problem(ProblemKind.BadInput, fault.Rule.Name, $"`{name.ReplaceLineEndings(" ")}` cannot be a service's name") { Why = fault.Why, Mend = "choose another, as in `holdfast init orders`" };
        return Outcome.Of<IReadOnlyDictionary<string, string>>(new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [SpecWords.FileName] = Spec.Replace("NAME", name, StringComparison.Ordinal),
            [".gitignore"] = GitIgnore,
        }.AsReadOnly());
    }

    // Prose begins with "# ", keys that are switched off with "#" alone: without it they are valid as well.
    private const string Spec =
        """
        # The service NAME: what `holdfast pack` packs and the supervisor runs.
        # Check it with `holdfast validate`; any key is documented by `holdfast explain service`.
        apiVersion: holdfast/v1
        kind: Service
        name: NAME
        version: 1.0.0

        # The executable, a file of the package, and its arguments. There is no shell in between.
        command: [bin/NAME]

        # What goes into the package.
        files:
          - bin/**

        environment:
          LOG_LEVEL: info

        # The ports it listens on: a number, or auto for a free one. The service reads HOLDFAST_PORT_HTTP,
        # or is given "${ports.http}" in its command.
        #ports:
        #  http: auto

        # Ready when it answers; restarted when it no longer lives.
        #health:
        #  readiness:
        #    http: {port: http, path: /readyz}
        #  liveness:
        #    http: {port: http, path: /healthz}

        # How it is asked to end, and how long it may take.
        stop:
          signal: TERM
          timeout: 15s

        # At most 3 restarts in 10 minutes, then it is failed and stays so until somebody looks.
        restart:
          policy: always
          delays: [0s, 1s, 5s]
          attempts: 3
          window: 10m

        limits:
          memory: 512MiB
        #  cpu: 1.5

        # Secrets are files of the host; the service gets DB_PASSWORD_FILE.
        #secrets:
        #  DB_PASSWORD: {file: /etc/NAME/db-password}

        # What may differ between test and production (`holdfast deploy --values prod.yaml`), and nothing else.
        open:
          - environment.LOG_LEVEL
          - limits.*

        """;

    private const string GitIgnore =
        """
        # Built, packed and secret things stay out of the repository.
        /bin/
        *.hfpkg
        *.key
        *.pfx

        """;
}
