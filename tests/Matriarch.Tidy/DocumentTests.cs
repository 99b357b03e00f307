namespace Matriarch.Tidy;

public sealed class DocumentTests
{
    [Fact]
    public void Links_lead_somewhere() =>
        Verdict.Clean("Relative links in documents exist.",
            Repository.Documents.SelectMany(d => DocumentRules.Links(d, Repository.Has)));

    [Fact]
    public void Paths_in_documents_exist() =>
        Verdict.Clean(
            "Paths that documents name exist.",
            Repository.Documents.Where(d => d.Name == "README.md" || d.Path == "CONTRIBUTING.md"
                || d.Path.StartsWith("docs/", StringComparison.Ordinal))
                .SelectMany(d => DocumentRules.Paths(d, Repository.Has)));

    [Theory]
    [InlineData("See [it](gone.md).")]
    [InlineData("![picture](../gone.png \"title\")")]
    [InlineData("[it]: gone.md#part")]
    [InlineData("[out](../../../outside.md)")]
    [InlineData("[from the root](/docs/a.md)")]
    public void A_dead_link_is_found(string text) =>
        Verdict.Finds("which does not exist", DocumentRules.Links(Example(text), Has));

    [Theory]
    [InlineData("[here](a.md#part) [part](#part) [folder](..) [web](https://example.com) [mail](mailto:a@example.com)")]
    [InlineData("`[code](gone.md)`")]
    [InlineData("```\n[code](gone.md)\n```")]
    public void A_good_link_is_left_alone(string text) => Assert.Empty(DocumentRules.Links(Example(text), Has));

    [Theory]
    [InlineData("Look at `src/Gone.cs:12`.")]
    [InlineData("Run `tests/gone --now`.")]
    public void A_path_that_is_gone_is_found(string text) =>
        Verdict.Finds("does not exist", DocumentRules.Paths(Example(text), Has));

    [Theory]
    [InlineData("`docs/a.md`, `docs/a.md:3`, `src/*/README.md`, `src/Matriarch.<Name>`, `nodes/a/b`")]
    public void A_path_that_exists_or_is_a_pattern_is_left_alone(string text) =>
        Assert.Empty(DocumentRules.Paths(Example(text), Has));

    private static bool Has(string path) => path is "docs" or "." or "docs/a.md";

    private static SourceFile Example(string text) => new("docs/b.md", text);
}
