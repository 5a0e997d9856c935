using Holdfast.Core.Redaction;
using Holdfast.Core.Services;

namespace Holdfast.Core.Tests.Redaction;

public sealed class RuleTests
{
    [Theory]
    [InlineData("Authorization: Bearer eyJhbGciOi.J9.x-y_z", "Authorization: Bearer [redacted:bearer]")]
    [InlineData("authorization: bearer abc", "authorization: bearer [redacted:bearer]")]
    [InlineData("AUTHORIZATION: BEARER abcdef", "AUTHORIZATION: BEARER [redacted:bearer]")]
    [InlineData("Authorization: Basic dXNlcjpwYXNz", "Authorization: Basic [redacted:bearer]")]
    [InlineData("{\"Authorization\":\"Basic dXNlcjpwYXNz\",\"a\":1}", "{\"Authorization\":\"Basic [redacted:bearer]\",\"a\":1}")]
    [InlineData("Proxy-Authorization=Negotiate YIIJvw==", "Proxy-Authorization=Negotiate [redacted:bearer]")]
    [InlineData("got Bearer abcdefgh12345678 from x", "got Bearer [redacted:bearer] from x")]
    [InlineData("the bearer of bad news", "the bearer of bad news")]
    [InlineData("Authorization failed for user basic", "Authorization failed for user basic")]
    public void Tokens_are_redacted_and_prose_is_not(string line, string expected) => Assert.Equal(expected + "\n", new Redacting().Redact(line + "\n"));

    [Fact]
    public void A_private_key_is_redacted_over_several_lines_and_counted_once()
    {
        var redacting = new Redacting();
        var text = redacting.Redact("before\nkey: -----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n")
            + redacting.Redact("abcdefgh\n-----END RSA PRIVATE KEY----- after\nMIIEpAIBAAKCAQEA\n");
        Assert.Equal(
            "before\nkey: [redacted:private-key]\n[redacted:private-key]\n[redacted:private-key]\n[redacted:private-key] after\nMIIEpAIBAAKCAQEA\n",
            text);
        Assert.Equal(1, redacting.Counts["private-key"]);
    }

    [Fact]
    public void A_private_key_within_one_line_is_redacted_and_the_rest_is_not()
    {
        var text = new Redacting().Redact("""{"key":"-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n","user":"u"}""" + "\n");
        Assert.Equal("""{"key":"[redacted:private-key]\n","user":"u"}""" + "\n", text);
    }

    [Fact]
    public void A_certificate_is_public_and_stays()
    {
        const string text = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
        Assert.Equal(text, new Redacting().Redact(text));
    }

    [Fact]
    public void A_private_key_that_never_ends_does_not_hide_the_output_for_ever()
    {
        var redacting = new Redacting();
        redacting.Redact("-----BEGIN PRIVATE KEY-----\n");
        for (var i = 0; i < 1000; i++) redacting.Redact("line\n");
        Assert.Equal("visible\n", redacting.Redact("visible\n"));
    }

    [Fact]
    public void Law10_the_values_of_secrets_never_show()
    {
        var redacting = new Redacting(null, "hunter2 & \"co\"", "ab", "first line of key\nsecond line of key\n");
        Assert.Equal("password is [redacted:secret]!\n", redacting.Redact("password is hunter2 & \"co\"!\n"));
        Assert.DoesNotContain("hunter2", redacting.Redact("""{"p":"hunter2 \u0026 \u0022co\u0022"}""" + "\n"), StringComparison.Ordinal);
        Assert.Equal("[redacted:secret]\n", redacting.Redact("second line of key\n"));
        Assert.Equal("ab is too short to be looked for\n", redacting.Redact("ab is too short to be looked for\n"));
        Assert.Equal(3, redacting.Counts["secret"]);
    }

    [Fact]
    public void Own_patterns_are_matched_line_by_line_and_counted_by_name()
    {
        var spec = new RedactionSpec { Patterns = new Dictionary<string, string> { ["account"] = "ACC[0-9]+$", ["name"] = "(?i)müller" } };
        var redacting = new Redacting(spec);
        Assert.Equal("é [redacted:account]\nHerr [redacted:name], ACC1 x\n[redacted:account]\n", redacting.Redact("é ACC12\nHerr MÜLLER, ACC1 x\nACC3\n"));
        Assert.Equal(2, redacting.Counts["account"]);
        Assert.Equal(1, redacting.Counts["name"]);
    }

    [Fact]
    public void Rules_that_are_switched_off_do_not_strike()
    {
        var redacting = new Redacting(new() { Without = ["pan", "bearer", "private-key"] });
        const string text = "4111111111111111 Bearer abcdefgh1 -----BEGIN PRIVATE KEY-----\n";
        Assert.Equal(text, redacting.Redact(text));
    }

    [Fact]
    public void Findings_that_overlap_become_one_mark_over_all_of_them()
    {
        var redacting = new Redacting(null, "abcdefgh.4111111111111111");
        Assert.Equal("Bearer [redacted:secret]\n", redacting.Redact("Bearer abcdefgh.4111111111111111\n"));
    }

    [Fact]
    public void All_problems_of_the_rules_are_told_at_once()
    {
        var spec = new RedactionSpec { Without = ["pans"], Patterns = new Dictionary<string, string> { ["a"] = "(", ["b"] = @"(x)\1" } };
        var problems = RedactionRules.Create(spec, []).Problems;
        Assert.Equal(["redaction.unknown-rule", "redaction.pattern", "redaction.pattern"], problems.Select(problem => problem.Rule));
    }

    [Fact]
    public void An_over_long_line_is_not_cut_within_what_would_be_found()
    {
        var redacting = new Redacting();
        Assert.Equal(5, redacting.SafeCut("card 4111111111111111 and so on", 10));
        Assert.Equal(25, redacting.SafeCut("card 4111111111111111 and so on", 25));
        Assert.Empty(redacting.Counts);
    }
}
