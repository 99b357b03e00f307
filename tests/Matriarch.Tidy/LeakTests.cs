namespace Matriarch.Tidy;

public sealed class LeakTests
{
    [Fact]
    public void The_clone_carries_nothing_of_the_machine_that_it_was_written_on() =>
        Verdict.Clean("No package hosts, paths of one machine, or addresses of people.",
            Repository.Files.AsParallel().SelectMany(LeakRules.Check));

    [Fact]
    public void Text_is_clean() =>
        Verdict.Clean("LF line ends, a last line end, no tabs in C#, no white space at line ends.",
            Repository.Files.SelectMany(LeakRules.Whitespace));

    // Put together here, so that this file does not break the rule.
    public static TheoryData<string> Leaks => new()
    {
        "see http" + "s://nuget.acme.dev/v3/index.json",
        "http" + "://artifactory.acme:8081/x",
        "build1.acme" + ".internal",
        "cd /wo" + "rk/main",
        "x=\"/ho" + "me/jane/src/\"",
        "/Us" + "ers/jane/x",
        "/ro" + "ot/.nuget",
        "by Jane <jane.doe" + "@acme.dev>",
    };

    [Theory]
    [MemberData(nameof(Leaks))]
    public void A_leak_is_found(string line) => Verdict.Finds("a.md:2: ", LeakRules.Check(new("a.md", $"#\n{line}\n")));

    [Theory]
    [InlineData("postgres://postgres:secret@127.0.0.1:6432/postgres")]
    [InlineData("https://www.postgresql.org/docs/current/ and src/network/x and $dir/work/x")]
    [InlineData("someone@example.com, matriarch-agent@a.service, dbname=postgres@replica")]
    [InlineData("[dotnet](https://dotnet.microsoft.com/download)")]
    public void What_anybody_may_know_is_no_leak(string line) => Assert.Empty(LeakRules.Check(new("a.md", line)));

    [Fact]
    public void A_file_of_package_sources_is_found() =>
        Verdict.Finds("package sources", LeakRules.Check(new("NuGet.Config", "<configuration />\n")));

    [Theory]
    [InlineData("a.cs", "class A;\r\n", "CR LF")]
    [InlineData("a.md", "text", "no line end")]
    [InlineData("a.md", "\uFEFFtext\n", "byte order mark")]
    [InlineData("a.cs", "class A;\n\tclass B;\n", "a.cs:2: a tab")]
    [InlineData("a.cs", "class A; \n", "white space")]
    public void Unclean_text_is_found(string name, string text, string words) =>
        Verdict.Finds(words, LeakRules.Whitespace(new(name, text)));
}
