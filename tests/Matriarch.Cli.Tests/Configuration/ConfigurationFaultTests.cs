namespace Matriarch.Cli.Tests.Configuration;

public sealed class ConfigurationFaultTests : ConfigurationTestBase
{
    [Theory]
    [InlineData("example:\n  prot: 1\n", "a.yaml:2: there is no setting example.prot; did you mean example.port?")]
    [InlineData("exmaple:\n  port: 1\n", "a.yaml:2: there is no setting exmaple.port; did you mean example.port?")]
    [InlineData(
        "other-part:\n  port: 1\n", "a.yaml:2: there is no setting other-part.port; did you mean example.port?")]
    [InlineData("example:\n  not-a-setting: 1\n", "a.yaml:2: there is no setting example.not-a-setting")]
    [InlineData("example:\n  zzzzzzzzzzzz: 1\n", "a.yaml:2: there is no setting example.zzzzzzzzzzzz")]
    public void An_unknown_key_of_the_file_is_told_with_the_nearest_one(string yaml, string fault) =>
        Assert.Equal(fault, Faults(Sources(yaml)));

    [Fact]
    public void An_unknown_variable_is_told_with_the_nearest_one() => Assert.Equal(
        "environment: there is no variable MATRIARCH_EXAMPLE_PROT; did you mean MATRIARCH_EXAMPLE_PORT?",
        Faults(Sources(null, [("MATRIARCH_EXAMPLE_PROT", "1")])));

    [Theory]
    [InlineData("--example.prot=1", "flags: there is no flag --example.prot; did you mean --example.port?")]
    [InlineData("--exampel.port=1", "flags: there is no flag --exampel.port; did you mean --example.port?")]
    [InlineData("example.port=1", "flags: there is no flag example.port; did you mean --example.port?")]
    [InlineData("--quux", "flags: there is no flag --quux")]
    [InlineData("--example.port", "flag --example.port: has no value; write --example.port=VALUE")]
    public void An_unknown_or_incomplete_flag_is_told(string flag, string fault) =>
        Assert.Equal(fault, Faults(Sources(null, null, flag)));

    [Theory]
    [InlineData("port: abc", "example.port: \"abc\" is wrong; expected a whole number")]
    [InlineData("port: 1.5", "example.port: \"1.5\" is wrong; expected a whole number")]
    [InlineData("port: 99999999999", "example.port: \"99999999999\" is wrong; expected a whole number")]
    [InlineData("port: [1]", "example.port: a list is wrong; expected a whole number")]
    [InlineData("listen: {a: b}", "example.listen: a map is wrong; expected text")]
    [InlineData("is-observer: yes", "example.is-observer: \"yes\" is wrong; expected true or false")]
    [InlineData("log-format: xml", "example.log-format: \"xml\" is wrong; expected console or json-lines")]
    [InlineData(
        "lease-duration: 10",
        "example.lease-duration: \"10\" is wrong; expected a duration such as 150ms, 1.2s, 10s, 5m or 1h")]
    [InlineData("tags: {a: b}", "example.tags: a map is wrong; expected a list, or text separated by commas")]
    [InlineData(
        "parameters: [a]",
        "example.parameters: a list is wrong; expected a map, or name=value pairs separated by commas")]
    [InlineData(
        "parameters: a",
        "example.parameters: \"a\" is wrong; expected a map, or name=value pairs separated by commas")]
    [InlineData("pin: hunter2", "example.pin: the value (not shown) is wrong; expected a whole number")]
    public void A_wrong_value_is_told_with_key_place_value_and_expected_form(string line, string fault) =>
        Assert.Equal($"a.yaml:2: {fault}", Faults(Sources($"example:\n  {line}\n")));

    [Fact]
    public void A_wrong_value_of_the_environment_or_a_flag_names_it()
    {
        Assert.Equal(
            "environment MATRIARCH_EXAMPLE_PORT: example.port: \"x\" is wrong; expected a whole number",
            Faults(Sources(null, [("MATRIARCH_EXAMPLE_PORT", "x")])));
        Assert.Equal(
            "flag --example.port: example.port: \"\" is wrong; expected a whole number",
            Faults(Sources(null, null, "--example.port=")));
    }

    [Theory]
    [InlineData(
        "example:\n  port:\n",
        "a.yaml:2: example.port: has no value; remove the line to take the default, or write \"\"")]
    [InlineData("- a\n", "a.yaml:1: expected sections such as \"cluster:\"")]
    [InlineData("example: 5\n", "a.yaml:1: example: expected a section with settings below it, found \"5\"")]
    [InlineData("example: [5]\n", "a.yaml:1: example: expected a section with settings below it, found a list")]
    [InlineData(
        "example:\n  tags: [[a]]\n",
        "a.yaml:2: example.tags: holds nested or empty values; expected text, a list of texts or a map of texts")]
    [InlineData("--- {}\n--- {}\n", "a.yaml: holds 2 YAML documents; one is expected")]
    public void A_file_of_the_wrong_shape_is_told_with_its_line(string yaml, string fault) =>
        Assert.Equal(fault, Faults(Sources(yaml)));

    [Theory]
    [InlineData("example:\n  port: 1\n  port: 2\n", "a.yaml:3: is not valid YAML: ")]
    [InlineData("example: [\n", "a.yaml:2: is not valid YAML: ")]
    [InlineData("example:\n\tport: 1\n", "a.yaml:1: is not valid YAML: ")]
    public void A_file_that_is_not_yaml_is_told_with_its_line(string yaml, string beginning) =>
        Assert.StartsWith(beginning, Faults(Sources(yaml)), StringComparison.Ordinal);

    [Fact]
    public void A_missing_file_is_told() => Assert.Equal(
        "/nowhere/a.yaml: there is no such file", Faults(Sources() with { File = "/nowhere/a.yaml" }));

    [Fact]
    public void A_file_beyond_all_measure_is_refused() => Assert.Contains(
        "a configuration file has at most", Faults(Sources("# " + new string('x', 1024 * 1024))),
        StringComparison.Ordinal);

    [Fact]
    public void What_the_options_say_of_themselves_is_told_with_the_place_of_the_value()
    {
        Assert.Equal(
            "a.yaml:2: example.port: 0 is not between 1 and 65535", Faults(Sources("example:\n  port: 0\n")));
        Assert.Equal(
            "flag --example.lease-duration: example.lease-duration: is longer than 1h",
            Faults(Sources(null, null, "--example.lease-duration=2h")));
    }

    [Fact]
    public void All_faults_of_all_sources_are_told_together_and_a_wrong_value_only_once()
    {
        var faults = Faults(Sources(
            "example:\n  port: abc\n  prot: 1\n  is-observer:\n",
            [("MATRIARCH_EXAMPLE_LEASE_DURATION", "2h"), ("MATRIARCH_NOTHING", "1")],
            "--example.tag=1", "--example.log-format=xml"));
        Assert.Equal(
            """
            the configuration has 7 faults:
              a.yaml:4: example.is-observer: has no value; remove the line to take the default, or write ""
              a.yaml:3: there is no setting example.prot; did you mean example.port?
              environment: there is no variable MATRIARCH_NOTHING
              flags: there is no flag --example.tag; did you mean --example.tags?
              a.yaml:2: example.port: "abc" is wrong; expected a whole number
              flag --example.log-format: example.log-format: "xml" is wrong; expected console or json-lines
              environment MATRIARCH_EXAMPLE_LEASE_DURATION: example.lease-duration: is longer than 1h
            """,
            faults);
    }
}
