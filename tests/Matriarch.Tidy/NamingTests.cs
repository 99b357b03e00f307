namespace Matriarch.Tidy;

public sealed class NamingTests
{
    [Fact]
    public void A_file_has_the_name_of_its_one_public_type() =>
        Verdict.Clean(
            "One public top-level type per file, in a file of its name (X.Part.cs for a part of a partial type).",
            Repository.CSharp.AsParallel().SelectMany(NamingRules.FileNames));

    [Fact]
    public void Namespaces_are_file_scoped_and_begin_with_the_project() =>
        Verdict.Clean(
            "Namespaces are file-scoped and begin with the name of their project.",
            Repository.CSharp.AsParallel().SelectMany(NamingRules.Namespaces));

    [Fact]
    public void Names_say_what_a_type_is() =>
        Verdict.Clean(
            "No Utils, Helpers, Common, Services, Manager in names.",
            Repository.CSharp.AsParallel().SelectMany(NamingRules.BannedWords));

    [Theory]
    [InlineData("A.cs", "namespace N;\npublic class A { public class Nested; }\npublic enum B { X }\n",
        "public B beside public A")]
    [InlineData("A.cs", "namespace N;\ninternal class B;\n", "B should be in a file of its name")]
    [InlineData("A.cs", "internal class A;\npublic delegate void B();\n", "B should be in a file of its name")]
    [InlineData("A.Log.cs", "namespace N;\ninternal class A;\n", "not partial")]
    public void A_misnamed_file_is_found(string name, string text, string words) =>
        Verdict.Finds(words, NamingRules.FileNames(new($"src/Matriarch.Core/{name}", text)));

    [Theory]
    [InlineData("A.Log.cs", "internal partial class A;\n")]
    [InlineData("A.cs", "public class A;\npublic class A<T>;\ninternal class B;\nfile class C;\n")]
    [InlineData("Program.cs", "return 0;\n")]
    public void A_well_named_file_is_left_alone(string name, string text) =>
        Assert.Empty(NamingRules.FileNames(new($"src/Matriarch.Core/{name}", text)));

    [Theory]
    [InlineData("namespace Matriarch.Core { }\n", "not file-scoped")]
    [InlineData("namespace Matriarch.CoreAndMore;\n", "in the project Matriarch.Core")]
    public void A_wrong_namespace_is_found(string text, string words) =>
        Verdict.Finds(words, NamingRules.Namespaces(new("src/Matriarch.Core/Rules/A.cs", text)));

    [Theory]
    [InlineData("class SocketUtils;")]
    [InlineData("enum CommonError { X }")]
    [InlineData("interface IConnectionManager;")]
    [InlineData("delegate void TLSHelpers();")]
    [InlineData("class A { record Services; }")]
    public void A_name_that_says_nothing_is_found(string text) =>
        Verdict.Finds("says nothing", NamingRules.BannedWords(new("src/Matriarch.Core/A.cs", text)));

    [Fact]
    public void A_banned_word_inside_another_word_is_none() =>
        Assert.Empty(NamingRules.BannedWords(
            new("src/Matriarch.Core/A.cs", "class Uncommon; class ServiceName; class Managerial;")));
}
