using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Matriarch.Tidy;

/// <summary>
/// What another project can see says what it is. By syntax: what a public type inside an internal one shows counts not.
/// </summary>
internal static class DocstringRule
{
    public static IEnumerable<Finding> Types(SourceFile file) =>
        from member in Undocumented(file)
        where member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax
        select file.At(member.GetFirstToken(), $"public {NamingRules.NameOf(member)} has no docstring");

    /// <summary>
    /// Methods, properties, fields. Not what is said elsewhere: overrides and implementations (the interface says it),
    /// settings (their attribute says it), constructors and operators, the values of an enum and constants (their type
    /// says what they are).
    /// </summary>
    /// <param name="promised">Names of the members of our own interfaces.</param>
    public static IEnumerable<Finding> Members(SourceFile file, IReadOnlySet<string> promised) =>
        from member in Undocumented(file)
        let name = member switch
        {
            MethodDeclarationSyntax { ExplicitInterfaceSpecifier: null } m => m.Identifier.Text,
            PropertyDeclarationSyntax { ExplicitInterfaceSpecifier: null } p => p.Identifier.Text,
            BaseFieldDeclarationSyntax f when !f.Modifiers.Any(SyntaxKind.ConstKeyword) =>
                f.Declaration.Variables[0].Identifier.Text,
            _ => null,
        }
        where name is not null && !WellKnown.Contains(name, StringComparer.Ordinal) && !IsSetting(member)
            && !(promised.Contains(name) && member.Parent is TypeDeclarationSyntax { BaseList: not null })
        select file.At(member.GetFirstToken(), $"public {name} has no docstring");

    /// <summary>Members of the base library's interfaces mean what they mean everywhere.</summary>
    private static readonly string[] WellKnown =
        ["Dispose", "DisposeAsync", "CompareTo", "Equals", "GetHashCode", "ToString", "Parse", "TryParse", "TryFormat",
            "GetEnumerator"];

    /// <summary>The names of the members that a file's interfaces declare.</summary>
    public static IEnumerable<string> Promised(SourceFile file) =>
        from member in file.Root.DescendantNodes().OfType<InterfaceDeclarationSyntax>().SelectMany(i => i.Members)
        select member switch
        {
            MethodDeclarationSyntax m => m.Identifier.Text,
            PropertyDeclarationSyntax p => p.Identifier.Text,
            _ => "",
        };

    private static bool IsSetting(MemberDeclarationSyntax member) =>
        member.AttributeLists.SelectMany(l => l.Attributes).Any(a => a.Name.ToString() == "Setting");

    private static IEnumerable<MemberDeclarationSyntax> Undocumented(SourceFile file) =>
        from member in file.Root.DescendantNodes().OfType<MemberDeclarationSyntax>()
        where member is not BaseNamespaceDeclarationSyntax and not GlobalStatementSyntax
            && !member.Modifiers.Any(SyntaxKind.OverrideKeyword)
            && member.AncestorsAndSelf().OfType<MemberDeclarationSyntax>().All(IsVisible)
            && !member.GetLeadingTrivia().Any(t => t.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia))
            && !IsOtherPart(member)
        select member;

    private static bool IsVisible(MemberDeclarationSyntax member) =>
        member is BaseNamespaceDeclarationSyntax or EnumMemberDeclarationSyntax
        || member.Modifiers.Any(SyntaxKind.PublicKeyword)
        || (member.Parent is InterfaceDeclarationSyntax && !member.Modifiers.Any(SyntaxKind.PrivateKeyword));

    /// <summary>X.Part.cs: the docstring of a partial type is in X.cs.</summary>
    private static bool IsOtherPart(MemberDeclarationSyntax member) =>
        member is TypeDeclarationSyntax && member.Modifiers.Any(SyntaxKind.PartialKeyword);
}
