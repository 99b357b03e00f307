using Matriarch.Cli.Configuration;
using Matriarch.Core;

namespace Matriarch.Cli.Tests.Configuration;

public sealed class ConfigurationLoaderTests : ConfigurationTestBase
{
    private const string Full =
        """
        example:
          listen: 127.0.0.1:7100
          port: 6000
          max-lag-bytes: 123456789012
          is-observer: true
          log-format: json-lines
          lease-duration: 1.5s
          tags: [fast, "ssd"]
          parameters:
            shared_buffers: 64MB
            work_mem: "4MB"
          password: hunter2
        other-part:
          os-user: pg
        """;

    [Fact]
    public void Without_sources_every_setting_has_its_default()
    {
        var configuration = Load(Sources(), out _);
        Assert.All(configuration.Values, v => Assert.True(v.IsDefault));
        Assert.All(configuration.Values, v => Assert.Equal("default", v.Source));
        Assert.Equal(
            "listen port max-lag-bytes is-observer log-format lease-duration tags parameters password pin",
            string.Join(' ', configuration.Values.Where(v => v.Key.StartsWith("example.", StringComparison.Ordinal))
                .Select(v => v.Key["example.".Length..])));
        Assert.Equal("1200ms", configuration["example.lease-duration"].Text);
        Assert.Equal("A choice.", configuration["example.log-format"].Description);
        Assert.Equal("postgres", configuration["other-part.os-user"].Text);
    }

    [Fact]
    public void A_yaml_file_sets_every_kind_and_each_value_remembers_its_line()
    {
        var configuration = Load(Sources(Full), out var example);
        Assert.Equal("127.0.0.1:7100", example.Listen);
        Assert.Equal(6000, example.Port);
        Assert.Equal(123456789012, example.MaxLagBytes);
        Assert.True(example.IsObserver);
        Assert.Equal(LogFormat.JsonLines, example.LogFormat);
        Assert.Equal(TimeSpan.FromSeconds(1.5), example.LeaseDuration);
        Assert.Equal(["fast", "ssd"], example.Tags);
        Assert.Equal("64MB", example.Parameters["shared_buffers"]);
        Assert.Equal("4MB", example.Parameters["work_mem"]);
        Assert.Equal($"{YamlFile}:3", configuration["example.port"].Source);
        Assert.Equal($"{YamlFile}:9", configuration["example.parameters"].Source);
        Assert.Equal("shared_buffers=64MB,work_mem=4MB", configuration["example.parameters"].Text);
        Assert.Equal("fast,ssd", configuration["example.tags"].Text);
        Assert.Equal("json-lines", configuration["example.log-format"].Text);
        Assert.False(configuration["other-part.os-user"].IsDefault);
        Assert.True(configuration["example.pin"].IsDefault);
    }

    [Fact]
    public void Flags_win_over_the_environment_which_wins_over_the_file()
    {
        var sources = Sources(
            Full,
            [("MATRIARCH_EXAMPLE_PORT", "6001"), ("MATRIARCH_EXAMPLE_LISTEN", "e:1"), ("PATH", "/bin")],
            "--example.listen=f:1");
        var configuration = Load(sources, out var example);
        Assert.Equal(6001, example.Port);
        Assert.Equal("environment MATRIARCH_EXAMPLE_PORT", configuration["example.port"].Source);
        Assert.Equal("f:1", example.Listen);
        Assert.Equal("flag --example.listen", configuration["example.listen"].Source);
        Assert.True(example.IsObserver);
    }

    [Fact]
    public void Lists_and_maps_have_a_text_form_and_replace_those_of_an_earlier_source()
    {
        var sources = Sources(
            Full,
            [("MATRIARCH_EXAMPLE_TAGS", " a, b ,"), ("MATRIARCH_EXAMPLE_PARAMETERS", "search_path=a=b , x=")],
            "--other-part.os-user=x=y");
        var configuration = Load(sources, out var example);
        Assert.Equal(["a", "b"], example.Tags);
        Assert.Equal(2, example.Parameters.Count);
        Assert.Equal("a=b", example.Parameters["search_path"]);
        Assert.Equal("", example.Parameters["x"]);
        Assert.Equal("x=y", configuration["other-part.os-user"].Text);
    }

    [Fact]
    public void Secrets_are_shown_as_stars_and_unset_ones_as_nothing()
    {
        var configuration = Load(Sources(Full), out var example);
        Assert.Equal("hunter2", example.Password);
        Assert.Equal("***", configuration["example.password"].Text);
        Assert.Equal("", Load(Sources(), out _)["example.password"].Text);
        var table = ConfigurationTable.Of(configuration);
        Assert.DoesNotContain(table.Rows, r => r.Cells.Any(c => c.Contains("hunter2", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("example:\nother-part: {}\n")]
    [InlineData("~")]
    public void A_file_without_settings_changes_nothing(string yaml) =>
        Assert.All(Load(Sources(yaml), out _).Values, v => Assert.True(v.IsDefault));

    [Fact]
    public void A_quoted_empty_text_is_a_value() =>
        Assert.False(Load(Sources("example:\n  listen: \"\"\n"), out _)["example.listen"].IsDefault);

    [Fact]
    public void Variables_of_other_processes_and_MATRIARCH_DIR_are_no_mistake()
    {
        var sources = Sources(null, [("MATRIARCH_DIR", "x"), ("MATRIARCH_OTHER_PART_OS_USER", "x")]) with
        {
            OptionsOfOtherProcesses = [typeof(OtherOptions)],
        };
        var configuration = ConfigurationLoader.Load(sources, new ExampleOptions());
        Assert.All(configuration.Values, v => Assert.True(v.IsDefault));
    }

    [Fact]
    public void The_table_has_a_row_per_setting_and_can_leave_defaults_out()
    {
        var configuration = Load(Sources("example:\n  port: 7\n"), out _);
        var all = ConfigurationTable.Of(configuration);
        Assert.Equal(configuration.Values.Count, all.Rows.Count);
        Assert.All(all.Rows, r => Assert.Equal(all.Headings.Count, r.Cells.Count));
        var row = Assert.Single(ConfigurationTable.Of(configuration, onlyChanged: true).Rows);
        Assert.Equal(["example.port", "7", $"{YamlFile}:2", "A number, 1 to 65535."], row.Cells);
    }

    [Fact]
    public void The_sources_of_a_process_hold_its_environment()
    {
        var sources = ConfigurationSources.OfProcess(null, ["--a.b=c"]);
        Assert.Contains("PATH", sources.Environment.Keys);
        Assert.Equal("--a.b=c", Assert.Single(sources.Flags));
    }

    [Theory]
    [InlineData("--node.name=a", true)]
    [InlineData("--node.name", true)]
    [InlineData("--dir=.matriarch", false)]
    [InlineData("--output", false)]
    [InlineData("node.name=a", false)]
    public void A_flag_of_a_setting_has_a_dot_in_its_name(string argument, bool isFlag) =>
        Assert.Equal(isFlag, ConfigurationSources.IsFlag(argument));

    [Fact]
    public void A_class_that_is_no_options_class_is_a_bug() => Assert.Throws<InvariantException>(
        () => ConfigurationLoader.Load(new ConfigurationSources(), "text"));
}
