namespace Matriarch.Cli;

/// <summary>One cell of a table: plain text, and a style that only adds to what the text says.</summary>
/// <param name="Text">Without markup.</param>
/// <param name="Style">A Spectre style such as <c>green</c> or <c>bold</c>; empty for none.</param>
internal readonly record struct Cell(string Text, string Style = "")
{
    public static implicit operator Cell(string text) => new(text);
}
