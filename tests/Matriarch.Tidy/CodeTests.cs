namespace Matriarch.Tidy;

public sealed class CodeTests
{
    [Fact]
    public void There_are_no_regions() =>
        Verdict.Clean("No regions.", Repository.CSharp.AsParallel().SelectMany(CodeRules.Regions));

    [Fact]
    public void No_thread_sleeps() =>
        Verdict.Clean("No thread sleeps.", Repository.CSharp.AsParallel().SelectMany(CodeRules.Sleeps));

    [Fact]
    public void No_exception_vanishes_without_a_word() =>
        Verdict.Clean("A catch block has a statement, or a comment that says why not.",
            Repository.CSharp.AsParallel().SelectMany(CodeRules.EmptyCatches));

    [Fact]
    public void Unfinished_work_names_its_issue() =>
        Verdict.Clean(
            "Marks of unfinished work name an issue, as in (#123).",
            Repository.Files.Where(f => f.Extension != ".md").AsParallel().SelectMany(CodeRules.Marks));

    [Fact]
    public void Public_types_have_docstrings() =>
        Verdict.Clean("Public types in src have docstrings.",
            Repository.CSharp.Where(f => f.IsProduct).AsParallel().SelectMany(DocstringRule.Types));

    [Fact]
    public void Public_members_have_docstrings() =>
        Verdict.Clean("Public members in src have docstrings.", Repository.CSharp.Where(f => f.IsProduct).AsParallel()
            .SelectMany(f => DocstringRule.Members(f, Promised)));

    [Fact]
    public void Log_events_have_ids_of_their_own_in_the_range_of_their_subsystem() =>
        Verdict.Clean(
            "Event ids are unique: Postgres 1000-1999, Topology 2000, Consensus 3000, Proxy 4000, Gateway 5000, "
                + "Agent 6000, Cli 7000.",
            LogEventRule.Check(Repository.CSharp.Where(f => f.IsProduct)));

    [Fact]
    public void Log_messages_are_declared_beside_the_code() =>
        Verdict.Clean("Log messages are in X.Log.cs.",
            Repository.CSharp.Where(f => f.IsProduct).SelectMany(LogEventRule.Place));

    [Fact]
    public void A_region_is_found() =>
        Verdict.Finds("A.cs:2: a region",
            CodeRules.Regions(Example("class A {\n#region x\nvoid M() { }\n#endregion\n}")));

    [Theory]
    [InlineData("Thread.Sleep(1);")]
    [InlineData("System.Threading.Thread.Sleep(1);")]
    public void A_sleep_is_found(string text) => Verdict.Finds("Thread.Sleep", CodeRules.Sleeps(Example(text)));

    [Theory]
    [InlineData("try { } catch { }", 1)]
    [InlineData("try { } // because\ncatch (Exception) { }", 1)]
    [InlineData("try { } catch\n{\n    // It is gone already.\n}", 0)]
    [InlineData("try { } catch { return; }", 0)]
    public void An_empty_catch_is_found(string text, int expected) =>
        Assert.Equal(expected, CodeRules.EmptyCatches(Example(text)).Count());

    [Theory]
    [InlineData("a.cs", "// {0}: later\n", 1)]
    [InlineData("a.cs", "/* {0} */\n", 1)]
    [InlineData("a.cs", "/// <summary>{0}</summary>\nclass A;\n", 1)]
    [InlineData("a.cs", "// {0} (#12): later\n", 0)]
    [InlineData("a.cs", "var a = \"{0}\";\n", 0)]
    [InlineData("a.sh", "# {0}\n", 1)]
    [InlineData("a.sh", "# {0}S are {0}R\n", 0)]
    public void A_mark_without_an_issue_is_found(string name, string text, int expected)
    {
        foreach (var mark in (string[])["TO" + "DO", "FIX" + "ME", "HA" + "CK"])
        {
            Assert.Equal(expected, CodeRules.Marks(new(name, text.Replace("{0}", mark, StringComparison.Ordinal)))
                .Count());
        }
    }

    [Theory]
    [InlineData("public class A;", 1, 0)]
    [InlineData("/// <summary>A.</summary>\npublic class A { public int P => 1; public void M() { } int p; }", 0, 2)]
    [InlineData("/// <summary>A.</summary>\n[Obsolete]\npublic interface A { int P { get; } }", 0, 1)]
    [InlineData("/// <summary>A.</summary>\npublic enum A { X }", 0, 0)]
    [InlineData("/// <summary>A.</summary>\npublic class A { public int Asked => 1; }", 0, 1)]
    [InlineData("/// <summary>A.</summary>\npublic class A : IA { public int Asked => 1; }", 0, 0)]
    [InlineData("/// <summary>A.</summary>\npublic class A { [Setting(\"x\")] public int P { get; set; } }", 0, 0)]
    [InlineData("class A { public class B { public int P => 1; } }", 0, 0)]
    [InlineData("/// <summary>A.</summary>\npublic class A { public override string ToString() => \"\"; }", 0, 0)]
    public void A_missing_docstring_is_found(string text, int types, int members)
    {
        Assert.Equal(types, DocstringRule.Types(Example(text)).Count());
        Assert.Equal(members, DocstringRule.Members(Example(text),
            new HashSet<string>(StringComparer.Ordinal) { "Asked" }).Count());
    }

    [Theory]
    [InlineData("[LoggerMessage(2000, LogLevel.Debug, \"x\")]", "outside 1000-1999")]
    [InlineData("[LoggerMessage(EventId = 999, Level = LogLevel.Debug)]", "outside 1000-1999")]
    [InlineData("[LoggerMessage(LogLevel.Debug, \"x\")]", "without an event id")]
    [InlineData("[LoggerMessage(1001, LogLevel.Debug, \"x\")] void N();\n[LoggerMessage(1001, LogLevel.Debug, \"y\")]",
        "is taken by")]
    public void A_wrong_event_id_is_found(string attributes, string words) =>
        Verdict.Finds(words, LogEventRule.Check(
            [new("src/Matriarch.Postgres/A.Log.cs", $"partial class A {{ {attributes} void M(); }}")]));

    [Fact]
    public void A_log_message_among_the_code_is_found() =>
        Verdict.Finds("outside X.Log.cs",
            LogEventRule.Place(Example("class A { [LoggerMessage(1000, LogLevel.Debug, \"x\")] void M(); }")));

    private static HashSet<string> Promised { get; } = Repository.CSharp.Where(f => f.IsProduct)
        .SelectMany(DocstringRule.Promised).ToHashSet(StringComparer.Ordinal);

    private static SourceFile Example(string text) => new("src/Matriarch.Core/A.cs", text);
}
