namespace Matriarch.Tidy;

public sealed class SizeTests
{
    [Fact]
    public void Files_have_at_most_300_lines() =>
        Verdict.Clean(
            "Files have about 300 lines, never above 600.",
            Repository.CSharp.SelectMany(f => SizeRules.FileLength(f, SizeRules.LongFiles))
                .Concat(SizeRules.LongFiles.Keys.Where(f => !Repository.Has(f))
                    .Select(f => new Finding(f, 0, "an exception without its file"))));

    [Fact]
    public void Lines_have_at_most_120_characters() =>
        Verdict.Clean("Lines have at most 120 characters.", Repository.CSharp.SelectMany(SizeRules.Lines));

    [Fact]
    public void Methods_have_at_most_70_lines() =>
        Verdict.Clean("A method fits a screen: at most 70 lines.",
            Repository.CSharp.AsParallel().SelectMany(SizeRules.Methods));

    [Theory]
    [InlineData(301, false, "at most 300")]
    [InlineData(601, true, "never above 600")]
    [InlineData(300, true, "no longer an exception")]
    public void A_file_of_the_wrong_length_is_found(int lines, bool excepted, string words)
    {
        var file = Example(string.Concat(Enumerable.Repeat("//\n", lines)));
        var exceptions = new Dictionary<string, string>(StringComparer.Ordinal);
        if (excepted)
        {
            exceptions[file.Path] = "an example";
        }

        Verdict.Finds(words, SizeRules.FileLength(file, exceptions));
    }

    [Fact]
    public void A_long_line_is_found() =>
        Verdict.Finds("A.cs:2: 121 characters",
            SizeRules.Lines(Example($"//\n//{new string('x', 119)}\n//{new string('x', 118)}\n")));

    [Theory]
    [InlineData("[Obsolete]\nvoid M()\n{\n", "}")]
    [InlineData("A()\n{\n", "}")]
    [InlineData("int P\n{\nget {\n\n", "}\n}")]
    [InlineData("int M() => F(\n\n", ");")]
    public void A_long_method_is_found(string head, string foot)
    {
        Verdict.Finds("a method of 71 lines", SizeRules.Methods(Example(Method(68))));
        Assert.Empty(SizeRules.Methods(Example(Method(67))));

        string Method(int body) =>
            $"class A\n{{\n/// <summary>Not counted.</summary>\n{head}{new string('\n', body)}{foot}\n}}\n";
    }

    private static SourceFile Example(string text) => new("src/Matriarch.Core/A.cs", text);
}
